/** The style of the sign-in pages: one column that reads well on a phone, light or dark, and nothing from other servers. */
export const issuerStyle = `
:root { color-scheme: light dark;
  --ink: light-dark(#1d2b3a, #eef2f4); --soft: light-dark(#55636f, #a3b3bf); --rail: light-dark(#0b6e75, #4fc3c9);
  --seal: light-dark(#c0392a, #ff8a77); --edge: light-dark(#7d8894, #748695); --raised: light-dark(#fff, #1e2b37);
  --ground: light-dark(#e8ecef, #0d151c); --onrail: light-dark(#fff, #0d151c); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans SC", sans-serif; }
main { max-width: 26rem; margin: 0 auto; padding: 1rem; }
header { display: flex; justify-content: space-between; align-items: center; padding: .5rem 0 1rem; }
header strong { font-size: 1.125rem; }
section { background: var(--raised); border-radius: 14px; padding: 1.5rem; }
h1 { font-size: 1.375rem; margin: 0 0 1rem; }
a { color: var(--rail); display: inline-flex; align-items: center; min-height: 44px; }
label { display: block; }
input[type=email], textarea { display: block; width: 100%; min-height: 44px; margin: .25rem 0 1rem; padding: .5rem .75rem;
  font: inherit; color: inherit; background: transparent; border: 1px solid var(--edge); border-radius: 8px; }
textarea { height: 12rem; font: 13px/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
fieldset { border: 0; margin: 0 0 1rem; padding: 0; }
legend { padding: 0; color: var(--soft); }
fieldset label { display: flex; align-items: center; gap: .75rem; min-height: 44px; }
input[type=checkbox] { width: 1.25rem; height: 1.25rem; accent-color: var(--rail); }
button { width: 100%; min-height: 48px; font: inherit; font-weight: 600; border: 0; border-radius: 8px; cursor: pointer;
  background: var(--rail); color: var(--onrail); }
:focus-visible { outline: 3px solid var(--rail); outline-offset: 2px; }
.note { color: var(--soft); font-size: .9rem; overflow-wrap: anywhere; }
.error { color: var(--seal); margin: 0 0 1rem; }
`;
