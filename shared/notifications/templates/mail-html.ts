/**
 * The HTML of every mail. It uses tables and inline styles, because all mail readers draw those alike, and one column
 * of at most 600 pixels, so that a phone needs no second layout. `<%= %>` escapes. `it` is a `MailView`.
 */
export const mailHtml = `<!doctype html>
<html lang="<%= it.locale %>">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<meta name="format-detection" content="telephone=no, date=no, address=no">
<title><%= it.subject %></title>
</head>
<body style="margin:0;padding:0;background:#f3f4f6;-webkit-text-size-adjust:100%">
<div style="display:none;max-height:0;overflow:hidden"><%= it.lead %></div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#f3f4f6">
<tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px;background:#ffffff;border:1px solid #e2e5ea;border-radius:10px;font-family:-apple-system,'Segoe UI',Roboto,'PingFang SC','Microsoft YaHei','Noto Sans CJK SC',Arial,sans-serif;color:#1c2430;font-size:15px;line-height:1.55">
<tr><td style="padding:18px 24px;border-bottom:3px solid <%= it.colour %>;font-size:14px;font-weight:600;color:<%= it.brand %>"><% if (it.logo) { %><img src="cid:<%= it.logo.contentId %>" height="32" alt="<%= it.logo.alt %>" style="display:block;height:32px;border:0"><% } else { %><%= it.carrierName %><% } %></td></tr>
<tr><td style="padding:26px 24px 4px">
<h1 style="margin:0 0 10px;font-size:23px;line-height:1.3;font-weight:650;color:#111827"><%= it.title %></h1>
<p style="margin:0;color:#3b4554"><%= it.lead %></p>
</td></tr>
<tr><td style="padding:20px 24px 4px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#f7f8fa;border-radius:8px">
<tr><td colspan="3" style="padding:14px 18px 0;font-size:13px;color:#5b6675"><%= it.journey.day %></td></tr>
<tr>
<td width="38%" style="padding:4px 0 16px 18px;vertical-align:top"><div style="font-size:28px;line-height:1.25;font-weight:600;color:#111827"><%= it.journey.from.time %></div><div><%= it.journey.from.name %></div></td>
<td align="center" style="padding:8px 6px 16px;vertical-align:top;color:#5b6675"><div style="font-size:14px;font-weight:600;color:<%= it.colour %>"><%= it.journey.trip %></div><div style="font-size:18px;line-height:1.1">&#8594;</div></td>
<td width="38%" align="right" style="padding:4px 18px 16px 0;vertical-align:top"><div style="font-size:28px;line-height:1.25;font-weight:600;color:#111827"><%= it.journey.to.time %></div><div><%= it.journey.to.name %></div><% if (it.journey.to.dayShift) { %><div style="font-size:13px;color:#5b6675"><%= it.journey.to.dayShift %></div><% } %></td>
</tr>
</table>
</td></tr>
<% it.passengers.forEach((passenger) => { %>
<tr><td style="padding:16px 24px 0">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="border-bottom:1px solid #e8eaee">
<tr>
<td style="padding:0 8px 14px 0;vertical-align:top"><div style="font-weight:600;color:#111827"><%= passenger.name %></div><div style="font-size:13px;color:#5b6675"><%= passenger.details %></div><% if (passenger.note) { %><div style="font-size:13px;color:#5b6675"><%= passenger.note %></div><% } %></td>
<td align="right" style="padding:0 0 14px;vertical-align:top"><div style="font-weight:600;color:#111827"><%= passenger.place %></div><div style="font-size:13px;color:#5b6675"><%= passenger.travelClass %> &#183; <%= passenger.fare %></div></td>
</tr>
<% if (passenger.image) { %>
<tr><td colspan="2" align="center" style="padding:2px 0 18px"><img src="cid:<%= passenger.image.contentId %>" width="244" height="244" alt="<%= passenger.image.alt %>" style="display:block;width:244px;height:244px;border:0"><div style="padding-top:6px;font-size:12px;color:#5b6675"><%= passenger.ticketNumber %></div></td></tr>
<% } %>
</table>
</td></tr>
<% }) %>
<tr><td style="padding:16px 24px 24px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0">
<tr><td style="color:#3b4554"><%= it.total.label %></td><td align="right" style="font-size:20px;font-weight:650;color:#111827"><%= it.total.value %></td></tr>
<% if (it.payBy) { %><tr><td style="padding-top:4px;color:#3b4554"><%= it.payBy.label %></td><td align="right" style="padding-top:4px;font-weight:600;color:<%= it.colour %>"><%= it.payBy.value %></td></tr><% } %>
</table>
</td></tr>
<tr><td style="padding:14px 24px 18px;border-top:1px solid #e8eaee;font-size:12px;line-height:1.6;color:#6b7482"><% it.footer.forEach((line) => { %><div><%= line %></div><% }) %></td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;
