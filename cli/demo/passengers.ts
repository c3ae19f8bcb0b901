export type DemoPassenger = {
  name: string;
  type: 'adult';
  document: { kind: 'cn-resident-id'; number: string };
};

const familyNames = [...'王李张刘陈杨黄赵周吴徐孙马朱胡林郭何高罗'];
const givenNames = ['伟', '芳', '娜', '敏', '静', '强', '磊', '洋', '艳', '勇'];

/** Made-up people: names by number, and documents of a real district with right check digits (GB 11643). */
export const passenger = (number: number): DemoPassenger => ({
  name: `${familyNames[number % familyNames.length]}${givenNames[Math.floor(number / familyNames.length) % givenNames.length]}`,
  type: 'adult',
  document: { kind: 'cn-resident-id', number: residentId(number) },
});

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** A thousand people are born on each day. */
const birthday = (days: number): string =>
  new Date(Date.UTC(1990, 2, 7 + days)).toISOString().slice(0, 10).replaceAll('-', '');

const residentId = (number: number): string => {
  const body = `110105${birthday(Math.floor(number / 1000))}${String(number % 1000).padStart(3, '0')}`;
  const sum = [...body].reduce((total, digit, at) => total + Number(digit) * (weights[at] ?? 0), 0);
  return body + '10X98765432'[sum % 11];
};
