const escape = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`);

const page = (content: string): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Keyun 客运 · sign in</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 3rem auto; padding: 0 1rem; color: #1c2733 }
  h1 { font-size: 1.4rem }
  input[type=email], textarea { width: 100%; box-sizing: border-box; font: inherit; padding: .6rem; border: 1px solid #8a97a6; border-radius: 6px }
  textarea { height: 12rem; font: 13px/1.4 ui-monospace, monospace }
  button { font: inherit; padding: .6rem 1.2rem; border: 0; border-radius: 6px; background: #0b5cad; color: #fff; cursor: pointer }
  fieldset { border: 0; padding: 0; margin: 1rem 0 } .note { color: #51606f; font-size: .9rem } .error { color: #b3261e }
</style>
<h1>Keyun 客运 · sign in</h1>
${content}
<p class="note">This page belongs to the local run. It accepts every address; a deployment uses Cognito here.</p>
</html>`;

export const signInPage = (wasInvalid = false): string =>
  page(`<form method="post">
${wasInvalid ? '<p class="error" role="alert">Please enter an e-mail address.</p>' : ''}
<label>E-mail<br><input type="email" name="email" required autofocus autocomplete="email"></label>
<fieldset><legend>Also sign in as</legend>
<label><input type="checkbox" name="group" value="operators"> operator</label>
<label><input type="checkbox" name="group" value="gates"> gate staff</label></fieldset>
<button>Sign in or sign up</button>
</form>`);

export const tokenPage = (email: string, token: string, hours: number): string =>
  page(`<p>Signed in as <strong>${escape(email)}</strong> for ${hours} hours. Send this as
<code>Authorization: Bearer …</code>, or paste it on the page of the API.</p>
<label>Token<br><textarea readonly onfocus="this.select()">${escape(token)}</textarea></label>
<p><a href="/">Sign in as somebody else</a></p>`);
