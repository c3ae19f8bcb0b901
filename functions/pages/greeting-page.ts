import { inLocale, type Carrier } from '../../shared/platform/carrier.ts';
import { languageOf, type Locale } from '../../shared/platform/locales.ts';
import { greetingTexts } from './greeting-texts.ts';

/** For a carrier without a colour of its own. */
const plainColour = '#c8402f';

/**
 * The page contains its style, and its content security policy allows the hash of it: no second file is needed. On a dark
 * ground the carrier's colour is lightened, so that it can be read there.
 */
export const greetingStyle = ({ colour = plainColour }: Pick<Carrier, 'colour'>): string => `
:root{color-scheme:light dark;--paper:#fffdf8;--ink:#1d2b3a;--soft:#5d6b78;--line:#d9d4c7;--ground:#e8ecef;--rail:#0b6e75;--name:${colour}}
@media (prefers-color-scheme:dark){:root{--paper:#17222c;--ink:#eef2f4;--soft:#9fb0bd;--line:#32414e;--ground:#0d151c;--rail:#4fc3c9;--name:color-mix(in srgb,${colour} 55%,#fff)}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1.5rem;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,"PingFang SC","Noto Sans SC","Microsoft YaHei",sans-serif}
main{width:min(40rem,100%);background:var(--paper);border-radius:14px;box-shadow:0 18px 50px -24px #0008;overflow:hidden}
header{padding:2rem 2rem 1.25rem;display:flex;align-items:baseline;gap:.9rem;flex-wrap:wrap}
h1{margin:0;font-size:2.2rem;line-height:1.1;color:var(--name)}
header small{margin-left:auto;color:var(--soft);font-variant-numeric:tabular-nums}
p{margin:.25rem 2rem;color:var(--soft)}
ol{list-style:none;margin:2rem 2rem 1.75rem;padding:0;display:flex;position:relative}
ol::before{content:"";position:absolute;left:12.5%;right:12.5%;top:.5rem;border-top:3px solid var(--rail)}
ol li{flex:1;text-align:center;position:relative;padding-top:1.6rem;font-weight:600}
ol li::before{content:"";position:absolute;top:0;left:50%;width:.75rem;height:.75rem;margin-left:-.55rem;border:3px solid var(--rail);border-radius:50%;background:var(--paper)}
ol small,li small{display:block;font-weight:400;color:var(--soft)}
nav{border-top:2px dashed var(--line);padding:1.25rem 2rem 1.75rem}
ul{list-style:none;margin:0;padding:0;display:grid;grid-template-columns:repeat(auto-fit,minmax(10rem,1fr));gap:.75rem}
a{display:block;padding:.75rem 1rem;border:1px solid var(--line);border-radius:10px;color:inherit;text-decoration:none;font-weight:600}
a:hover,a:focus-visible{border-color:var(--rail);outline:2px solid var(--rail);outline-offset:1px}
code{font:.85em ui-monospace,monospace;color:var(--rail)}
`;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string =>
  text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? '');

/** The page at the root, in one of the carrier's languages. Its addresses are relative, so it works below any path. */
export const greetingPage = (version: string, locale: Locale, carrier: Carrier): string => {
  const say = greetingTexts[languageOf(locale)];
  const name = escaped(inLocale(carrier.name, locale, carrier));
  return `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${name}</title>
<link rel="icon" href="data:,">
<style>${greetingStyle(carrier)}</style>
</head>
<body>
<main>
<header><h1>${name}</h1><small>Keyun ${version}</small></header>
<p>${say.about}</p>
<ol>
<li>${say.search}</li>
<li>${say.hold}</li>
<li>${say.pay}</li>
<li>${say.ticket}</li>
</ol>
<nav>
<ul>
<li><a href="docs">${say.documentation}<code>/docs</code></a></li>
<li><a href="v1/openapi.json">OpenAPI 3.1<small>${say.forPrograms}</small><code>/v1/openapi.json</code></a></li>
<li><a href="v1/health">${say.health}<code>/v1/health</code></a></li>
</ul>
</nav>
</main>
</body>
</html>
`;
};
