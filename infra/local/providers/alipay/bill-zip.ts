import iconv from 'iconv-lite';
import { buffer } from 'node:stream/consumers';
import yazl from 'yazl';

const entryMark = 0x02014b50;
/** Where the header of an entry in the list has its parts, and that of the file itself (source: PKWARE, APPNOTE 4.3). */
const inList = { flags: 8, nameBytes: 28, moreBytes: [30, 32], place: 42, name: 46 } as const;
const inFile = { flags: 6, name: 30 } as const;
const namesAreUtf8 = 1 << 11;

/** A zip of GBK texts, with their names in GBK as well, as Alipay makes it. */
export const zipOf = async (files: Readonly<Record<string, string>>): Promise<Buffer> => {
  const zip = new yazl.ZipFile();
  const names = Object.keys(files).map((name) => iconv.encode(name, 'gbk'));
  for (const [index, text] of Object.values(files).entries())
    // The library writes UTF-8 names: this one is as long as the right one, which takes its place below.
    zip.addBuffer(iconv.encode(text, 'gbk'), String(index).padEnd(names[index]?.length ?? 0, 'x'));
  zip.end();
  const bytes = await buffer(zip.outputStream);
  let at = bytes.readUInt32LE(bytes.length - 6);
  for (const name of names) {
    if (bytes.readUInt32LE(at) !== entryMark) throw new Error('the library wrote another list of files');
    const place = bytes.readUInt32LE(at + inList.place);
    for (const [start, parts] of [
      [at, inList],
      [place, inFile],
    ] as const) {
      bytes.writeUInt16LE(bytes.readUInt16LE(start + parts.flags) & ~namesAreUtf8, start + parts.flags);
      name.copy(bytes, start + parts.name);
    }
    const more = inList.moreBytes.reduce((sum, offset) => sum + bytes.readUInt16LE(at + offset), 0);
    at += inList.name + bytes.readUInt16LE(at + inList.nameBytes) + more;
  }
  return bytes;
};
