import type { Texts } from './en.ts';

export const zhCN: Texts = {
  'subject.order-held': '请在{until}前支付：{trip} {from}—{to}',
  'subject.order-issued': '出票成功：{date} {trip} {from}—{to}',
  'subject.order-disrupted':
    '{reason, select, delayed {晚点通知} stop {停靠站变更通知} other {停运通知}}：{date} {trip} {from}—{to}',
  'subject.tickets-refunded': '退票成功，共 {count} 张：{date} {trip} {from}—{to}',
  'subject.order-expired': '订单已超时，席位已释放：{trip} {from}—{to}',
  'subject.order-cancelled': '订单已取消：{trip} {from}—{to}',
  'subject.order-refunded': '已退款 {amount}：{trip} {from}—{to}',
  'subject.order-refund-granted': '退款 {amount}：{trip} {from}—{to}',
  'title.order-held': '席位已锁定，请尽快支付',
  'title.order-issued': '出票成功，共 {count} 张车票',
  'title.order-disrupted':
    '{reason, select, delayed {{trip}次晚点} stop {{trip}次不再停靠您的车站} other {{trip}次停运}}',
  'title.tickets-refunded': '退票成功，共 {count} 张车票',
  'title.order-expired': '订单已超时',
  'title.order-cancelled': '订单已取消',
  'title.order-refunded': '退款已完成',
  'title.order-refund-granted': '我们将退还您部分票款',
  'lead.order-held': '已为您锁定 {count} 个席位，请在{until}前完成支付。逾期未支付，席位将自动释放。',
  'lead.order-issued': '感谢您的购买。检票时请出示车票码（纸质或手机均可），并携带车票上所列的身份证件原件。',
  'lead.order-issued.without-document': '感谢您的购买。检票时请出示车票码（纸质或手机均可）。',
  'lead.order-disrupted.run-cancelled':
    '很抱歉，{date} {trip}次停运。{chooseBy}前，您的 {count} 张车票可免费退票或改签；逾期未办理的，我们将全额退款。',
  'lead.order-disrupted.stop-cancelled':
    '很抱歉，{date} {trip}次不再停靠您的上车站或下车站。{chooseBy}前，您的 {count} 张车票可免费退票或改签；逾期未办理的，我们将全额退款。',
  'lead.order-disrupted.delayed':
    '很抱歉，{trip}次从{from}发车预计晚点 {minutes} 分钟。您的 {count} 张车票仍然有效；如不再出行，{chooseBy}前可免费退票或改签。',
  'lead.tickets-refunded':
    '您已退回下列 {count} 张车票，车票即时失效。扣除退票费 {fee} 后，{amount} 将原路退回，部分银行到账可能需要几天时间。',
  'lead.tickets-refunded.without-fee':
    '您已退回下列 {count} 张车票，车票即时失效。票款 {amount} 将原路全额退回，部分银行到账可能需要几天时间。',
  'lead.tickets-refunded.nothing':
    '您已退回下列 {count} 张车票，车票即时失效。如退票报价所示，本次退票不退还票款。',
  'lead.tickets-refunded.by-default':
    '我们未能按约为您提供服务，办理期限已过，下列 {count} 张车票现已失效。票款 {amount} 将原路全额退回，部分银行到账可能需要几天时间。',
  'lead.order-expired':
    '我们未在规定时间内收到您的付款，已释放 {count} 个席位，未向您扣款。如您的付款稍后到账：原席位仍有空余的，为您出票；否则全额退款。',
  'lead.order-cancelled': '订单已在支付前取消，席位已释放，未向您扣款。',
  'lead.order-refunded': '很抱歉，未能为您出票。{amount} 已原路退回，部分银行到账可能需要几天时间。',
  'lead.order-refunded.departed':
    '您的付款到账时，{trip}次已从{from}发车，我们无法为您出票。{amount} 已原路全额退回，部分银行到账可能需要几天时间。',
  'lead.order-refunded.run-gone':
    '您的付款在订单超时后到账，而从{from}出发的{trip}次已停运，我们无法为您出票。{amount} 已原路全额退回，部分银行到账可能需要几天时间。',
  'lead.order-held.exchange':
    '已为您的改签锁定 {count} 个席位，请在{until}前支付差额。支付完成前，原车票仍然有效。',
  'lead.order-issued.exchange':
    '改签成功：下列 {count} 张新车票已替换原车票，原车票即时失效。检票时请出示新的车票码（纸质或手机均可）。',
  'lead.order-issued.exchange-cheaper':
    '改签成功：下列 {count} 张新车票已替换原车票，原车票即时失效。差额 {amount} 将原路退回，部分银行到账可能需要几天时间。检票时请出示新的车票码（纸质或手机均可）。',
  'lead.order-expired.exchange':
    '改签未在规定时间内完成，已释放 {count} 个新席位，未向您扣款，原车票仍然有效。如付款稍后到账：仍可改签的，为您完成改签；否则全额退款。',
  'lead.order-cancelled.exchange': '您已取消改签，新席位已释放，未向您扣款，原车票仍然有效。',
  'lead.order-refunded.exchange':
    '很抱歉，未能为您完成改签。{amount} 已原路退回，部分银行到账可能需要几天时间。原车票保持不变。',
  'lead.order-refunded.ticket-gone':
    '由于您要改签的车票已失效，未能完成改签。{amount} 已原路退回，部分银行到账可能需要几天时间。',
  'lead.order-refund-granted':
    '您此次行程已付票款中的 {amount} 将原路退回，部分银行到账可能需要几天时间。您的车票仍然有效。',
  place: '{coach}车厢 {seat}号',
  placeWithoutNumber: '{coach}车厢 无座号',
  onLap: '怀抱 {name}（{details}）',
  placeThen: '{place}；{stop}起：{next}',
  ticketNumber: '票号 {ticketId}',
  codeFor: '{name}的车票码',
  'total.order-held': '应付金额',
  'total.order-issued': '已付金额',
  'total.order-issued.exchange-cheaper': '退款金额',
  'total.order-disrupted': '已付金额',
  'total.tickets-refunded': '退款金额',
  'total.order-expired': '未扣款',
  'total.order-cancelled': '未扣款',
  'total.order-refunded': '退款金额',
  'total.order-refund-granted': '退款金额',
  payBy: '支付截止',
  orderNumber: '订单号 {orderId}',
  localTimes: '所有时间均为车站当地时间。',
  automatic: '本邮件由系统自动发送，请勿直接回复。',
  dayShift: '+{days}天',
  calendarPlace: '{coach}车厢 {seat}号 {class}',
  calendarPlaceWithoutNumber: '{coach}车厢 无座号 {class}',
  'class.business': '商务座',
  'class.first': '一等座',
  'class.second': '二等座',
  'class.standard': '标准席',
  'class.economy': '经济席',
  'class.sleeper': '卧铺',
};
