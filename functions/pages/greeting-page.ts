/** The page contains its style, and its content security policy allows the hash of it: no second file is needed. */
export const greetingStyle = `
:root{color-scheme:light dark;--paper:#fffdf8;--ink:#1d2b3a;--soft:#5d6b78;--line:#d9d4c7;--ground:#e8ecef;--rail:#0b6e75;--seal:#c8402f}
@media (prefers-color-scheme:dark){:root{--paper:#17222c;--ink:#eef2f4;--soft:#9fb0bd;--line:#32414e;--ground:#0d151c;--rail:#4fc3c9;--seal:#ff7a66}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1.5rem;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,"PingFang SC","Noto Sans SC","Microsoft YaHei",sans-serif}
main{width:min(40rem,100%);background:var(--paper);border-radius:14px;box-shadow:0 18px 50px -24px #0008;overflow:hidden}
header{padding:2rem 2rem 1.25rem;display:flex;align-items:baseline;gap:.9rem;flex-wrap:wrap}
h1{margin:0;font-size:2.6rem;line-height:1;letter-spacing:.08em;color:var(--seal)}
h1+span{font-size:1.5rem;font-weight:600}
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

/** The page at the root, in Chinese and English. Its addresses are relative, so it works below any path. */
export const greetingPage = (version: string): string => `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>客运 Keyun</title>
<link rel="icon" href="data:,">
<style>${greetingStyle}</style>
</head>
<body>
<main>
<header><h1>客运</h1><span lang="en">Keyun</span><small>${version}</small></header>
<p>客运企业售票接口，适用于铁路、公路、水路和航空。</p>
<p lang="en">The booking API of a passenger carrier: rail, coach, ferry, air.</p>
<ol>
<li>查询<small lang="en">Search</small></li>
<li>占座<small lang="en">Hold</small></li>
<li>支付<small lang="en">Pay</small></li>
<li>出票<small lang="en">Ticket</small></li>
</ol>
<nav>
<ul>
<li><a href="docs">接口文档<small lang="en">Documentation</small><code>/docs</code></a></li>
<li><a href="v1/openapi.json">OpenAPI 3.1<small lang="en">For programs</small><code>/v1/openapi.json</code></a></li>
<li><a href="v1/health">运行状态<small lang="en">Health</small><code>/v1/health</code></a></li>
</ul>
</nav>
</main>
</body>
</html>
`;
