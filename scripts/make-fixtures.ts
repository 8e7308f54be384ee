/**
 * Makes tests/fixtures: documents as real programs write them. Needs LibreOffice (soffice), poppler (pdftoppm)
 * and SQLite's shell (sqlite3); the results are committed, so only whoever changes a fixture runs it.
 */
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import PDFDocument from "pdfkit";

const FIXTURES = join(import.meta.dir, "../tests/fixtures");
const PASSWORD = "fixture";

/** Two pages with headings, a list, a table and a foot, enough running text to wrap. */
const HANDBOOK = `<!doctype html><html><head><meta charset="utf-8"><title>Harbour handbook</title>
<style>@page { size: A4; margin: 2cm } table { border-collapse: collapse } td, th { border: 1px solid black; padding: 2mm }</style></head><body>
<h1>Harbour handbook</h1>
<p>This handbook is for everyone who works in the harbour of Port Linden. It says how shifts are planned, what protective
equipment is worn, and whom to call when something goes wrong. The harbour office keeps it up to date and prints a new
edition every spring.</p>
<h2>Shifts</h2>
<p>The early shift begins at 05:40 and ends at 13:50. The late shift begins at 13:40 and ends at 21:50. The ten minutes in
which both shifts overlap are for the handover at the crane.</p>
<h2>Before the first lift</h2>
<ol><li>Check the wind speed on the display in the cabin.</li><li>Test the emergency stop.</li><li>Report to the control room on channel 7.</li></ol>
<h2>Protective equipment</h2>
<ul><li>Helmet with chin strap</li><li>High-visibility vest, class 3</li><li>Safety boots, class S3</li></ul>
<h1 style="page-break-before: always">Cranes</h1>
<p>Each crane has a limit for the load and one for the wind. Above the wind limit the crane is parked and locked, whatever
the schedule says.</p>
<table><thead><tr><th>Crane</th><th>Greatest load</th><th>Wind limit</th></tr></thead>
<tr><td>Anna</td><td>42 tonnes</td><td>18 m/s</td></tr>
<tr><td>Berta</td><td>65 tonnes</td><td>16 m/s</td></tr>
<tr><td>Clara</td><td>12 tonnes</td><td>20 m/s</td></tr></table>
<h2>Accidents</h2>
<p>Call the control room first, on extension 112. Dr. Weber is the harbour's doctor; her practice is on Pier 4.</p>
</body></html>`;

/** Rules for leave, with headings and a table, that only the Word file says. */
const ABSENCE = `<!doctype html><html><head><meta charset="utf-8"><title>Leave and absence</title></head><body>
<h1>Leave and absence</h1>
<p>Everyone has 30 days of annual leave. Leave is requested in the staff portal at least ten working days ahead and is
approved by the team lead.</p>
<h2>Parental leave</h2>
<p>Parental leave at Acme Logistics is 26 weeks at full pay. It can be taken in up to three parts until the child is eight
years old.</p>
<h2>Sick leave</h2>
<p>A doctor's certificate is needed from the fourth day of illness. Send it to absence@acme.example.</p>
<table border="1"><tr><th>Occasion</th><th>Days off</th></tr><tr><td>Moving house</td><td>1 day</td></tr>
<tr><td>Wedding</td><td>2 days</td></tr></table>
</body></html>`;

const CONTACTS = `create table contacts (name text, role text, phone text, shifts integer, note text);
insert into contacts values
  ('Ada Brandt', 'Harbour master', '+49 40 555-0101', 3, null),
  ('Bo Lindqvist', 'Crane operator', '+46 31 555-0142', 2, 'Speaks Swedish, German and "a little" Dutch'),
  ('Çağla Öz', 'First aid', '+49 40 555-0177', 5, 'Room 2.14');
select * from contacts order by name;`;

async function makeFixtures(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "parley-fixtures-"));
  try {
    await Bun.write(join(folder, "handbook.html"), HANDBOOK);
    await convert(folder, "handbook.html", "docx:MS Word 2007 XML", "HTML (StarWriter)");
    await convert(folder, "handbook.docx", "pdf:writer_pdf_Export");
    for (const name of ["handbook.docx", "handbook.pdf"]) await keep(folder, name, name);
    await Bun.write(join(folder, "absence.html"), ABSENCE);
    await convert(folder, "absence.html", "docx:MS Word 2007 XML", "HTML (StarWriter)");
    await keep(folder, "absence.docx", "absence.docx");
    await keepScan(folder);
    await convert(folder, "handbook.docx", `pdf:writer_pdf_Export:${JSON.stringify(encryption())}`);
    await keep(folder, "handbook.pdf", "encrypted.pdf");
    await Bun.write(join(FIXTURES, "contacts.json"), await Bun.$`sqlite3 -json :memory: ${CONTACTS}`.text());
  } finally {
    await rm(folder, { recursive: true });
  }
  for (const name of await readdir(FIXTURES)) console.log(name, Bun.file(join(FIXTURES, name)).size);
}

function encryption() {
  return {
    EncryptFile: { type: "boolean", value: "true" },
    DocumentOpenPassword: { type: "string", value: PASSWORD },
  };
}

async function convert(folder: string, name: string, to: string, from?: string): Promise<void> {
  // A profile of its own: LibreOffice refuses to run twice on one.
  const profile = `-env:UserInstallation=file://${join(folder, "profile")}`;
  const input = from ? [`--infilter=${from}`] : [];
  await run([
    "soffice",
    profile,
    "--headless",
    ...input,
    "--convert-to",
    to,
    "--outdir",
    folder,
    join(folder, name),
  ]);
}

/** A page of pixels, as an office scanner sends it. */
async function keepScan(folder: string): Promise<void> {
  await run([
    "pdftoppm",
    "-r",
    "40",
    "-gray",
    "-jpeg",
    "-f",
    "1",
    "-l",
    "1",
    join(folder, "handbook.pdf"),
    join(folder, "scan"),
  ]);
  const image = (await readdir(folder)).find((name) => name.startsWith("scan"));
  const pdf = new PDFDocument({ size: "A4", margin: 0 });
  const parts: Buffer[] = [];
  pdf.on("data", (part: Buffer) => parts.push(part));
  const written = new Promise<void>((resolve) => pdf.on("end", resolve));
  pdf.image(join(folder, image ?? ""), 0, 0, { width: 595 });
  pdf.end();
  await written;
  await Bun.write(join(FIXTURES, "scanned.pdf"), Buffer.concat(parts));
}

async function keep(folder: string, from: string, to: string): Promise<void> {
  await Bun.write(join(FIXTURES, to), Bun.file(join(folder, from)));
}

async function run(command: string[]): Promise<void> {
  const { exitCode, stderr } = Bun.spawnSync(command, { stdout: "ignore", stderr: "pipe" });
  if (exitCode !== 0) throw new Error(`${command[0]} failed: ${stderr.toString()}`);
}

if (Bun.which("soffice") && Bun.which("pdftoppm")) await makeFixtures();
else {
  console.error("LibreOffice (soffice) and poppler (pdftoppm) are needed to make the fixtures again.");
  process.exit(69);
}
