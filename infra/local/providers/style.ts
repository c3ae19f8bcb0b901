/** The style of the sandbox's pages: one column that reads well on a phone, and nothing from other servers. */
export const style = `
:root { color-scheme: light;
  --ink: #1b2333; --soft: #5d6880; --line: #e3e8f0; --blue: #1467e8; --ground: #f2f5fa; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans SC", sans-serif; }
main { max-width: 34rem; margin: 0 auto; padding: 1rem; }
header { padding: 1.25rem 0 .75rem; }
h1 { font-size: 1.1rem; margin: 0; }
h2 { font-size: .95rem; margin: 0 0 .75rem; }
header p { margin: 0; font-size: .85rem; }
header p, small, dt, .soft { color: var(--soft); }
a { color: var(--blue); }
section { background: #fff; border: 1px solid var(--line); border-radius: 14px; padding: 1.1rem; margin: 0 0 1rem; }
.message { border-left: 4px solid var(--blue); }
.amount { font-size: 2.5rem; font-weight: 650; letter-spacing: -.02em; margin: 0;
  font-variant-numeric: tabular-nums; }
.state { display: inline-block; border-radius: 99px; padding: .1rem .7rem; font-size: .85rem;
  background: #e8f0fe; color: #0f4fb8; }
.state.paid { background: #e3f6ea; color: #14683a; }
.state.closed { background: #eceff3; color: #4a5468; }
dl { display: grid; grid-template-columns: auto 1fr; gap: .3rem 1rem; margin: 1rem 0 0; font-size: .92rem; }
dd { margin: 0; text-align: right; overflow-wrap: anywhere; }
form { margin: 0; }
form + form { margin-top: .5rem; }
button { display: block; width: 100%; min-height: 3rem; padding: .5rem 1rem; text-align: left; cursor: pointer;
  border: 1px solid var(--line); border-radius: 10px; background: #fff; color: inherit; font: inherit; }
button span { display: block; }
button small { display: block; line-height: 1.35; }
button.main { background: var(--blue); border-color: var(--blue); color: #fff; text-align: center; font-weight: 600; }
button:hover { border-color: var(--blue); }
button:focus-visible, a:focus-visible { outline: 3px solid #9cc2ff; outline-offset: 2px; }
ul { list-style: none; margin: 0; padding: 0; }
li + li { border-top: 1px solid var(--line); }
li a { display: flex; justify-content: space-between; align-items: center; gap: 1rem; padding: .7rem 0;
  color: inherit; text-decoration: none; }
li a > :last-child { text-align: right; }
li div { padding: .5rem 0; font-size: .9rem; overflow-wrap: anywhere; }
nav { text-align: center; font-size: .9rem; padding-bottom: 2rem; }
`;
