import { millisecondsOf, type Instant } from '../../../../shared/platform/time.ts';
import { fromChinaTime } from '../formats.ts';
import { appId, textToSign, type SandboxKeys } from './keys.ts';

/**
 * A verified request to the gateway: its method, its content, and the addresses for the buyer and for notifications.
 */
export type GatewayRequest = {
  method: string;
  content: Record<string, unknown>;
  notifyUrl: string | undefined;
  returnUrl: string | undefined;
};
export type GatewayRefusal = { method: string; code: '40001' | '40002'; subCode: string };

const day = 24 * 60 * 60 * 1000;

/** Checks a request in Alipay's order: the required fields, then the application, then the signature, then the rest. */
export const readRequest = (
  fields: Readonly<Record<string, string>>,
  keys: Pick<SandboxKeys, 'isSignedByMerchant'>,
  now: Instant,
): GatewayRequest | GatewayRefusal => {
  const { method = '', sign = '' } = fields;
  const missing = (what: string): GatewayRefusal => ({
    method,
    code: '40001',
    subCode: `isv.missing-${what}`,
  });
  const invalid = (what: string): GatewayRefusal => ({
    method,
    code: '40002',
    subCode: `isv.invalid-${what}`,
  });

  if (!method) return missing('method');
  if (!fields['app_id']) return missing('app-id');
  if (!fields['timestamp']) return missing('timestamp');
  if (!sign) return missing('signature');
  if (!fields['sign_type']) return missing('signature-type');
  if (fields['app_id'] !== appId) return invalid('app-id');
  if (fields['sign_type'] !== 'RSA2') return invalid('signature-type');
  if (fields['charset']?.toLowerCase() !== 'utf-8') return invalid('charset');

  // The signature of a request covers everything except itself; that of a notification also leaves out `sign_type`.
  const { sign: _, ...signed } = fields;
  if (!keys.isSignedByMerchant(textToSign(signed), sign)) return invalid('signature');

  if (fields['version'] !== '1.0') return invalid('version');
  if ((fields['format'] ?? 'JSON').toUpperCase() !== 'JSON') return invalid('format');
  const sentAt = fromChinaTime(fields['timestamp']);
  if (!sentAt || Math.abs(millisecondsOf(sentAt) - millisecondsOf(now)) > day) return invalid('timestamp');
  const content = jsonObject(fields['biz_content'] ?? '{}');
  if (!content) return invalid('parameter');
  return {
    method,
    content,
    notifyUrl: fields['notify_url'] || undefined,
    returnUrl: fields['return_url'] || undefined,
  };
};

const jsonObject = (text: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
};
