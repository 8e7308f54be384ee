/** An intranet-looking page that embeds the widget the way any page would: with the script tag. */

export const DEMO_STYLES = `
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: #2b2b2b; font: 17px/28px Georgia, "Times New Roman", serif; overflow-wrap: anywhere; }
header { background: #1d3557; color: #fff; padding: 14px 24px; font: 600 15px/20px Arial, sans-serif; display: flex; gap: 24px; flex-wrap: wrap; }
header nav { display: flex; gap: 20px; font-weight: 400; opacity: .85; }
main { max-width: 720px; padding: 32px 24px 120px; margin: 0 auto; }
h1 { font-size: 34px; line-height: 42px; margin: 0 0 12px; }
h2 { font-size: 22px; line-height: 30px; margin: 32px 0 8px; }
aside { border-left: 3px solid #1d3557; padding: 4px 16px; margin: 24px 0; color: #444; font-size: 16px; line-height: 24px; }
`;

/** @param embedKey of the tenant whose widget the page embeds */
export function demoPage(organisation: string, embedKey: string): string {
  const name = escapeHtml(organisation);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Travelling for ${name} · Intranet</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="demo.css">
<script src="widget.js" data-api-key="${escapeHtml(embedKey)}" async></script>
</head>
<body>
<header><span>${name} · Intranet</span><nav aria-label="Intranet"><span>News</span><span>People</span><span>Travel</span><span>IT</span></nav></header>
<main>
<h1>Travelling for ${name}</h1>
<p>Everything about booking trains, flights and hotels. The travel desk answers from 8 to 17 h.</p>
<aside>This page stands in for a page of your intranet. The chat at its corner comes from one script tag, and answers from the documents that you gave Parley.</aside>
<h2>Before you book</h2>
<p>Book through the portal whenever you can. Keep receipts for everything above 25 euros. Hotels are listed by city with their limits.</p>
<h2>While you travel</h2>
<p>Trains first, then flights. Local transport is covered by the daily allowance.</p>
</main>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
