/** An intranet-looking page that embeds the widget the way any page would: with the script tag. */

/** Deliberately not Parley's own look: the page must read as somebody else's. */
export const DEMO_STYLES = `
* { box-sizing: border-box; }
:root { color-scheme: light; }
body { margin: 0; background: #f3f5f7; color: #262b31; font: 16px/26px Georgia, "Times New Roman", serif; overflow-wrap: anywhere; }
header { background: #1d3557; color: #fff; font: 15px/20px Arial, Helvetica, sans-serif; padding: 12px max(20px, 5vw); display: flex; flex-wrap: wrap; align-items: center; gap: 10px 28px; }
.name { display: flex; align-items: center; gap: 10px; font-weight: 700; min-width: 0; }
.sign { flex: none; width: 30px; height: 30px; border-radius: 4px; background: #e9c46a; color: #1d3557; font-weight: 700; display: grid; place-items: center; }
.bar { display: flex; flex-wrap: wrap; gap: 6px 20px; color: #c9d6e6; }
.bar .here { color: #fff; box-shadow: 0 3px 0 #e9c46a; }
.page { display: grid; grid-template-columns: 190px minmax(0, 620px) 230px; gap: 24px 40px; align-items: start; padding: 28px max(20px, 5vw) 120px; }
.side, .cards { font: 14px/21px Arial, Helvetica, sans-serif; }
.side h2 { font: 700 12px/18px Arial, Helvetica, sans-serif; color: #5b6673; margin: 0 0 8px; }
.side ul, .cards ul { list-style: none; margin: 0; padding: 0; }
.side a { display: block; padding: 6px 10px; border-inline-start: 3px solid #d5dbe2; color: #1d4f86; text-decoration: none; }
.side a:hover { background: #e6ebf1; text-decoration: underline; }
.side a:focus-visible { outline: 2px solid #1d4f86; outline-offset: 1px; }
main { background: #fff; border: 1px solid #dde2e8; padding: 28px 32px 36px; min-width: 0; }
.crumbs { font: 13px/18px Arial, Helvetica, sans-serif; color: #5b6673; margin: 0 0 12px; }
h1 { font-size: 34px; line-height: 42px; margin: 0 0 4px; }
.by { font: 13px/18px Arial, Helvetica, sans-serif; color: #5b6673; margin: 0 0 20px; }
main h2 { font-size: 22px; line-height: 30px; margin: 28px 0 6px; scroll-margin-top: 16px; }
main p { margin: 0 0 12px; }
main li { margin: 2px 0; }
.lead { font-size: 18px; line-height: 29px; }
.about { background: #fdf6e3; border-inline-start: 4px solid #e9c46a; padding: 12px 16px; margin: 20px 0; font: 14px/22px Arial, Helvetica, sans-serif; }
table { border-collapse: collapse; width: 100%; font: 14px/20px Arial, Helvetica, sans-serif; margin: 8px 0 12px; }
th, td { text-align: start; padding: 8px 12px 8px 0; border-bottom: 1px solid #dde2e8; }
th { color: #5b6673; font-weight: 700; }
.cards { display: grid; gap: 16px; }
.cards section { background: #fff; border: 1px solid #dde2e8; border-top: 3px solid #1d3557; padding: 14px 16px; }
.cards h2 { font: 700 15px/20px Arial, Helvetica, sans-serif; margin: 0 0 6px; }
.cards p { margin: 0; }
.cards li + li { border-top: 1px solid #e8ecf0; margin-top: 8px; padding-top: 8px; }
.when { display: block; color: #5b6673; font-size: 13px; line-height: 18px; }
@media (max-width: 1100px) { .page { grid-template-columns: 190px minmax(0, 1fr); } .cards { grid-column: 2; } }
@media (max-width: 760px) {
  .page { grid-template-columns: minmax(0, 1fr); padding-top: 16px; gap: 16px; }
  .side { display: none; }
  .cards { grid-column: 1; }
  main { padding: 20px 18px 24px; }
  h1 { font-size: 28px; line-height: 36px; }
}
`;

/** @param embedKey of the tenant whose widget the page embeds */
export function demoPage(organisation: string, embedKey: string): string {
  const name = escapeHtml(organisation);
  const initial = escapeHtml(([...organisation][0] ?? "").toUpperCase());
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
<header>
<span class="name"><span class="sign" aria-hidden="true">${initial}</span>${name} · Intranet</span>
<span class="bar"><span>News</span><span>People</span><span class="here">Travel</span><span>IT</span><span>Canteen</span></span>
</header>
<div class="page">
<nav class="side" aria-label="On this page">
<h2>On this page</h2>
<ul>
<li><a href="#booking">Before you book</a></li>
<li><a href="#way">On the way</a></li>
<li><a href="#after">After the trip</a></li>
<li><a href="#forms">Forms</a></li>
</ul>
</nav>
<main>
<p class="crumbs">Home › Working here › Travel</p>
<h1>Travelling for ${name}</h1>
<p class="by">Kept by the travel desk</p>
<p class="lead">Customer visit, trade fair or a week at another site: this page takes you from the first idea to the money back in your account.</p>
<p class="about"><strong>This page is an example.</strong> It stands in for a page of your intranet. The chat in the corner comes from one script tag, and answers from the documents that you gave Parley.</p>
<h2 id="booking">Before you book</h2>
<p>Talk to your team lead about dates and costs, then book through the travel portal. It knows the rates that were agreed with railways and hotels, and it keeps the approval together with the ticket.</p>
<ol>
<li>Enter the trip with its cost centre.</li>
<li>Choose trains first; flights need a reason.</li>
<li>Take a hotel from the list of the city.</li>
</ol>
<h2 id="way">On the way</h2>
<p>Keep every receipt, or a photo of it. If a train is cancelled, take the next one and tell the travel desk afterwards. At the other site, report to reception: they expect you and have a badge ready.</p>
<h2 id="after">After the trip</h2>
<p>Hand in your expenses while you still remember what they were for. Your team lead approves them, and the money comes with the next salary.</p>
<h2 id="forms">Forms</h2>
<table>
<thead><tr><th>Form</th><th>For</th><th>Goes to</th></tr></thead>
<tbody>
<tr><td>T1 Trip request</td><td>Every trip with a night away</td><td>Team lead</td></tr>
<tr><td>T2 Expenses</td><td>Everything you paid yourself</td><td>Team lead</td></tr>
<tr><td>T4 Company card</td><td>Frequent travellers</td><td>Finance</td></tr>
</tbody>
</table>
</main>
<div class="cards">
<section>
<h2>Travel desk</h2>
<p>Ground floor, beside reception<span class="when">Monday to Friday, 8 to 17 h</span></p>
</section>
<section>
<h2>News</h2>
<ul>
<li>Night trains to Vienna can be booked again<span class="when">Travel desk</span></li>
<li>New charging points in the car park<span class="when">Facilities</span></li>
<li>Summer party: who brings the grill?<span class="when">Works council</span></li>
</ul>
</section>
</div>
</div>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
