/** The first bytes of files that are something else than the zip that their name promises. */
const signatures: readonly (readonly [kind: string, begins: string])[] = [
  ['an empty zip: it holds no files', 'PK\u{5}\u{6}'],
  ['one part of a zip of several parts', 'PK\u{7}\u{8}'],
  ['a zip that ends too early, or whose end is damaged: download it again', 'PK\u{3}\u{4}'],
  ['a RAR archive', 'Rar!'],
  ['a 7-Zip archive', '7z\u{BC}\u{AF}'],
  ['a gzip archive', '\u{1F}\u{8B}'],
  ['a bzip2 archive', 'BZh'],
  ['an xz archive', '\u{FD}7zXZ'],
  ['a Zstandard archive', '\u{28}\u{B5}\u{2F}\u{FD}'],
  ['a pointer of Git LFS, and not the file itself', 'version https://git-lfs'],
  ['a PDF document', '%PDF'],
];
const patterns: readonly (readonly [kind: string, begins: RegExp])[] = [
  ['a tar archive', /^[^]{257}ustar/],
  [
    'a web page, perhaps one with an error message',
    /^[\s\u{EF}\u{BB}\u{BF}]*<(?:!doctype html|html|head|body|!--)/iu,
  ],
  ['an XML document, perhaps one with an error message', /^[\s\u{EF}\u{BB}\u{BF}]*<\?xml/iu],
  ['a JSON document, perhaps one with an error message', /^[\s\u{EF}\u{BB}\u{BF}]*[{[]/u],
];

/** The number of bytes that identify a file's kind. */
export const tellingBytes = 512;

/** Says what kind of file this is instead of a zip, from its first bytes. */
export const kindOf = (bytes: Buffer): string => {
  if (bytes.length === 0) return 'is empty';
  const text = bytes.toString('latin1');
  const known =
    signatures.find(([, begins]) => text.startsWith(begins)) ??
    patterns.find(([, begins]) => begins.test(text));
  if (known) return `is ${known[0]}`;
  const isText = /^[\P{Cc}\t\r\n]*$/u.test(text);
  return isText ? 'is a text file, and neither a zip nor a folder' : 'is neither a zip nor a folder';
};
