import { join } from 'node:path';
import { openBooks as openAnyBooks, type Books as AnyBooks } from '../books.ts';
import type { BooksMax } from '../books-file.ts';
import type { Delivery } from './delivery.ts';
import type { Trade } from './trade.ts';

export type Books = AnyBooks<Trade, Delivery>;

const isUnsettled = ({ status, paysLateAt, paidAt }: Trade): boolean =>
  status === 'WAIT_BUYER_PAY' || (paysLateAt !== undefined && paidAt === undefined);

/** Alipay's books in a folder. */
export const openBooks = (folder: string, max?: BooksMax): Books =>
  openAnyBooks<Trade, Delivery>(join(folder, 'alipay-books.sqlite'), isUnsettled, max);
