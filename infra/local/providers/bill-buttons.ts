import type { BillAction } from './bill-lies.ts';
import { button, escaped } from './pages.ts';

type BillButton = { action: BillAction; title: string; hint: string };

const plain: readonly BillButton[] = [
  {
    action: 'bill-omits',
    title: '账单漏记 Leave it out',
    hint: 'The bill of the day does not have this payment',
  },
  { action: 'bill-twice', title: '账单重复 Have it twice', hint: 'The bill has this payment twice' },
  {
    action: 'bill-stranger',
    title: '他人交易 A stranger',
    hint: 'The bill also has a payment of another shop',
  },
  { action: 'bill-damaged', title: '账单损坏 Damage it', hint: 'The whole bill of the day cannot be read' },
  { action: 'bill-late', title: '账单延迟 Make it late', hint: 'The whole bill of the day is not there yet' },
  { action: 'bill-honest', title: '账单如实 Tell the truth', hint: 'Takes all of this back' },
];

/** A word that the bill has instead of the true one. */
const asked = {
  'bill-amount': { field: 'amount', title: '账单金额不符 Another amount', example: '1' },
  'bill-currency': { field: 'currency', title: '账单币种不符 Another currency', example: 'JPY' },
  'bill-state': { field: 'state', title: '账单状态不符 Another state', example: 'REVOKED' },
} as const satisfies Partial<Record<BillAction, { field: string; title: string; example: string }>>;

/** A form for each way in which the bill of the day can lie about a paid trade. */
export const billSection = (address: string, lacks: readonly BillAction[]): string => {
  const forms = Object.entries(asked)
    .filter(([action]) => !lacks.some((lacked) => lacked === action))
    .map(
      ([action, { field, title, example }]) => `<form method="post" action="${escaped(address)}/${action}">
<input name="${field}" aria-label="${field}" value="${example}"><button><span>${title}</span></button></form>`,
    );
  const buttons = plain.map((each) => button(address, each));
  return `<section><h2>对账单 The bill of the day</h2>${[...forms, ...buttons].join('\n')}</section>`;
};
