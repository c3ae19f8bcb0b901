import { azteccode } from 'bwip-js/node';

/**
 * A ticket's code as an Aztec symbol (ISO/IEC 24778): a PNG about 500 pixels wide, sharp on a phone's screen. Aztec
 * needs no quiet zone, but dark pages and mail readers do, so the image includes a white border.
 */
export const drawCode = (code: string): Promise<Buffer> =>
  azteccode({ bcid: 'azteccode', text: code, scale: 4, padding: 8, backgroundcolor: 'FFFFFF' });
