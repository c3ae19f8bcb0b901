import type { BillLie, BillLies, Trade } from './trade.ts';

export const billActions = [
  'bill-omits',
  'bill-twice',
  'bill-amount',
  'bill-currency',
  'bill-state',
  'bill-stranger',
  'bill-damaged',
  'bill-late',
  'bill-honest',
] as const;
export type BillAction = (typeof billActions)[number];

export const isBillAction = (name: string): name is BillAction =>
  (billActions as readonly string[]).includes(name);

export type BillFields = { get: (name: string) => string | null };

type Told = { trade: Trade; message: string } | { refused: string };

const of = (fields: BillFields): 'payment' | 'refund' =>
  fields.get('of') === 'refund' ? 'refund' : 'payment';

/** The trade after a button: the bill then lies about its payment, or with the field `of=refund` about its refunds. */
export const tellLie = (trade: Trade, action: BillAction, fields: BillFields): Told => {
  const { bill = {} } = trade;
  const whole = (lies: BillLies, message: string): Told => ({ trade: { ...trade, bill: lies }, message });
  const about = of(fields);
  const lie = (more: BillLie, message: string): Told =>
    whole({ ...bill, [about]: { ...bill[about], ...more } }, message);
  switch (action) {
    case 'bill-omits':
      return lie({ omits: true }, 'The bill leaves it out 账单将缺少此笔');
    case 'bill-twice':
      return lie({ twice: true }, 'The bill has it twice 账单将重复此笔');
    case 'bill-amount': {
      const amount = Number(fields.get('amount') ?? trade.total + 1);
      if (!Number.isSafeInteger(amount) || amount <= 0)
        return { refused: 'amount: whole minor units 金额无效' };
      return lie({ amount }, `The bill has ${amount} minor units 账单金额将不符`);
    }
    case 'bill-currency': {
      const currency = fields.get('currency') ?? '';
      if (!/^[A-Z]{3}$/.test(currency)) return { refused: 'currency: such as JPY 币种无效' };
      return lie({ currency }, `The bill has ${currency} 账单币种将不符`);
    }
    case 'bill-state': {
      const state = fields.get('state') ?? '';
      if (!/^\w{1,32}$/.test(state)) return { refused: 'state: the provider’s word 状态无效' };
      return lie({ state }, `The bill has the state ${state} 账单状态将不符`);
    }
    case 'bill-stranger':
      return whole({ ...bill, stranger: true }, 'The bill has a payment that is not yours 账单将有他人交易');
    case 'bill-damaged':
      return whole({ ...bill, damaged: true }, 'The bill of that day is damaged 当日账单将损坏');
    case 'bill-late':
      return whole({ ...bill, late: true }, 'The bill of that day is late 当日账单将延迟');
    case 'bill-honest':
      return whole({}, 'The bill tells the truth 账单恢复真实');
  }
};
