import { issuerStyle } from './issuer-style.ts';
import { names, otherOf, texts, type PageLanguage } from './issuer-texts.ts';

const escape = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);

type Shown = { language: PageLanguage; title: string; content: string; otherLanguage: string };

/** `otherLanguage` is the address of the same page in the other language. */
const page = ({ language, title, content, otherLanguage }: Shown): string => `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Keyun 客运</title>
<style>${issuerStyle}</style>
</head>
<body><main>
<header><strong>Keyun 客运</strong>${
  otherLanguage &&
  `<a href="${escape(otherLanguage)}" lang="${otherOf(language)}">${names[otherOf(language)]}</a>`
}</header>
<section><h1>${title}</h1>
${content}
</section>
<p class="note">${texts[language].note}</p>
</main></body>
</html>
`;

/** The form, which is sent to its own address. */
export const signInPage = (
  language: PageLanguage,
  { otherLanguage, wasInvalid = false }: { otherLanguage: string; wasInvalid?: boolean },
): string => {
  const text = texts[language];
  const content = `<form method="post">
${wasInvalid ? `<p class="error" role="alert" id="error">${text.invalid}</p>` : ''}
<label>${text.email}<input type="email" name="email" required autofocus autocomplete="email"${
    wasInvalid ? ' aria-invalid="true" aria-describedby="error"' : ''
  }></label>
<fieldset><legend>${text.groups}</legend>
<label><input type="checkbox" name="group" value="operators">${text.operators}</label>
<label><input type="checkbox" name="group" value="gates">${text.gates}</label></fieldset>
<button>${text.submit}</button>
</form>`;
  return page({ language, title: text.title, content, otherLanguage });
};

/** For a person who calls the API by hand. */
export const tokenPage = (
  language: PageLanguage,
  { email, token, hours }: { email: string; token: string; hours: number },
): string => {
  const text = texts[language];
  const content = `<p><strong>${escape(email)}</strong></p>
<p>${text.hours(hours)}</p>
<label>${text.token}<textarea readonly>${escape(token)}</textarea></label>
<a href="/">${text.again}</a>`;
  return page({ language, title: text.signedIn, content, otherLanguage: '' });
};

/** For a request that may not go back to where it came from. */
export const refusalPage = (language: PageLanguage, why: string): string => {
  const text = texts[language];
  const content = `<p>${text.refusedWhy}</p><p class="note">${escape(why)}</p>`;
  return page({ language, title: text.refused, content, otherLanguage: '' });
};
