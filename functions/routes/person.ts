import * as z from 'zod';
import { contactSchema } from '../../shared/orders/model.ts';
import { addressMax, readAddress } from '../../shared/platform/email-address.ts';
import { readPersonName } from '../../shared/users/person-name.ts';

const nameMax = 100;
/** Unseen characters may come along, so that we count after reading; but we read no book. */
const typedMax = 1000;

const atMost = (characters: number): string => `must have at most ${characters} characters`;

/** Parsing gives a name its one spelling (`readPersonName`). Its length counts characters, not their halves. */
export const personNameSchema = z
  .string()
  .max(typedMax, { abort: true, error: atMost(nameMax) })
  .check((context) => {
    const read = readPersonName(context.value);
    const message = 'fault' in read ? read.fault : [...read.name].length > nameMax && atMost(nameMax);
    if (message) context.issues.push({ code: 'custom', message, input: undefined });
    if ('name' in read) context.value = read.name;
  })
  .meta({
    description: 'As in the document; any script',
    minLength: 1,
    maxLength: nameMax,
    examples: ['张三', 'Anna Schmidt'],
  });

/** Parsing gives an address its one spelling (`readAddress`). */
const emailSchema = z
  .string()
  .max(typedMax, { abort: true, error: atMost(addressMax) })
  .check((context) => {
    const read = readAddress(context.value);
    if ('fault' in read) context.issues.push({ code: 'custom', message: read.fault, input: undefined });
    else context.value = read.address;
  })
  .meta({
    description:
      'Where mails go. The domain may be international; before the @ only ASCII characters, without quotes',
    maxLength: addressMax,
    examples: ['zhang@example.com', 'zhang@例子.中国'],
  });

export const contactRequestSchema = contactSchema.extend({
  email: emailSchema,
  phone: z
    .string()
    .regex(/^\+[1-9]\d{6,14}$/, 'must be an international number such as +8613800138000')
    .optional(),
  locale: contactSchema.shape.locale.optional().meta({
    description: 'One of the languages of `GET /v1/carrier`; its default if absent',
  }),
});
