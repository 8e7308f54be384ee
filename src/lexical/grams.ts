/**
 * Runs of four characters of each term. Words that share many are related where no stemmer sees it: parts of
 * a compound and other forms.
 */
import { inverseFrequency } from "../domain/bm25.ts";

const LENGTH = 4;
/** Runs are kept as 16-bit hashes; two that meet in one only blur a likeness a little. */
const BUCKETS = 1 << 16;
/** From this share of a word's runs on, a term is another form of it. */
const LIKE_ENOUGH = 0.5;
/** Slots are bytes. */
const MOST_SLOTS = 250;
/** Part numbers that share most of their signs are different parts. */
const HAS_DIGIT = /\p{N}/u;

/** What a term has in common with a question. */
export type Relation = {
  /** Words of the question that it is, or is another form of, and how much of each it is, 0.5 to 1. */
  words: number[];
  forms: number[];
  /** The runs of the question that it has, by slot, as often as it has them. */
  slots: number[];
};

const NO_SLOTS: number[] = [];
/** Of a term that has nothing in common with it. */
export const UNRELATED: Relation = { words: [], forms: [], slots: NO_SLOTS };

export class Grams {
  /** Where the runs of a term begin; the next term's beginning ends them. */
  #starts = new Uint32Array(256);
  #runs = new Uint16Array(1_024);
  #terms = 0;
  #scratch = new Uint32Array(256);
  /** About how many live documents have a run. */
  #documents: Uint8Array | Uint16Array | Uint32Array = new Uint8Array(BUCKETS);
  /** As much as a bucket can count. Most tenants have little, and there may be a thousand of them. */
  #most = 0xff;

  get sizeBytes(): number {
    return 2 * this.#starts.byteLength + this.#runs.byteLength + this.#documents.byteLength;
  }

  /** Terms must be added in the order of their numbers. */
  addTerm(term: string): void {
    const runs = runsOf(term);
    const start = this.#starts[this.#terms] as number;
    const end = start + runs.length;
    if (end > this.#runs.length) {
      const longer = new Uint16Array(Math.max(end, this.#runs.length * 2));
      longer.set(this.#runs);
      this.#runs = longer;
    }
    this.#runs.set(runs, start);
    this.#terms++;
    if (this.#terms === this.#starts.length) {
      const longer = new Uint32Array(this.#starts.length * 2);
      longer.set(this.#starts);
      this.#starts = longer;
    }
    this.#starts[this.#terms] = end;
  }

  /** So many documents with the term appeared, or went where `change` is negative. */
  count(term: number, change: number): void {
    const end = this.#starts[term + 1] as number;
    for (let place = this.#starts[term] as number; place < end; place++) {
      const bucket = this.#runs[place] as number;
      const counted = (this.#documents[bucket] as number) + change;
      if (counted > this.#most) this.#widen();
      this.#documents[bucket] = counted;
    }
  }

  /** How many runs the terms have together. */
  lengthOf(terms: Uint32Array): number {
    let length = 0;
    for (const term of terms) length += (this.#starts[term + 1] as number) - (this.#starts[term] as number);
    return length;
  }

  /** A number for each term, all 0, for whoever gives them back so. */
  scratch(): Uint32Array {
    if (this.#scratch.length < this.#starts.length) this.#scratch = new Uint32Array(this.#starts.length);
    return this.#scratch;
  }

  /** How many runs the term has. */
  runCount(term: number): number {
    return (this.#starts[term + 1] as number) - (this.#starts[term] as number);
  }

  /** Those of `slots`, told by bucket and 0 for none, that the term has, one for each of its runs. */
  slotsOf(term: number, slots: Uint8Array): number[] {
    let found = NO_SLOTS;
    const end = this.#starts[term + 1] as number;
    for (let place = this.#starts[term] as number; place < end; place++) {
      const slot = slots[this.#runs[place] as number] as number;
      if (slot === 0) continue;
      if (found === NO_SLOTS) found = [];
      found.push(slot - 1);
    }
    return found;
  }

  #widen(): void {
    const isFirst = this.#most === 0xff;
    this.#documents = isFirst ? Uint16Array.from(this.#documents) : Uint32Array.from(this.#documents);
    this.#most = isFirst ? 0xffff : 0xffff_ffff;
  }

  /** How telling a run is among so many documents. */
  weight(bucket: number, documents: number): number {
    return inverseFrequency(documents, Math.min(this.#documents[bucket] as number, documents));
  }
}

type Alternative = { word: number; runs: number; isName: boolean };

/**
 * A question's runs, compared with one term after another. Each term is compared once and remembered. Only one
 * at a time may be open.
 */
export class QuestionRuns {
  /** 1 + the slot by bucket; 0 for a run that the question does not have. */
  readonly #slots = new Uint8Array(BUCKETS);
  readonly #alternatives: Alternative[] = [];
  /** By slot the alternatives that have the run. */
  readonly #owners: number[][] = [];
  /** By term 1 + its place in `#relations`; 0 until it is compared. */
  readonly #places: Uint32Array;
  readonly #compared: number[] = [];
  readonly #relations: Relation[] = [UNRELATED];
  /** By slot how telling the run is. */
  readonly weights: number[] = [];

  constructor(
    readonly grams: Grams,
    readonly documents: number,
  ) {
    this.#places = grams.scratch();
  }

  /** Clears what the next question uses again. */
  close(): void {
    for (const term of this.#compared) this.#places[term] = 0;
  }

  /** A way in which a word of the question may be written. */
  addAlternative(word: number, text: string): void {
    const runs = new Set(runsOf(text));
    const place = this.#alternatives.length;
    this.#alternatives.push({ word, runs: runs.size, isName: HAS_DIGIT.test(text) });
    for (const bucket of runs) this.#ownersOf(bucket)?.push(place);
  }

  /** A term of the index that stands for a word of the question, or for at least `form` of it. */
  setTerm(term: number, word: number, form: number): void {
    const { words, forms, slots } = this.relationOf(term);
    const place = words.indexOf(word);
    const [known, others] = place < 0 ? [0, words.length] : [forms[place] as number, place];
    const pick = (numbers: number[]) => numbers.toSpliced(others, 1);
    const held = { words: [...pick(words), word], forms: [...pick(forms), Math.max(known, form)], slots };
    this.#remember(term, held);
  }

  relationOf(term: number): Relation {
    const place = this.#places[term] as number;
    if (place > 0) return this.#relations[place - 1] as Relation;
    return this.#remember(term, this.#compare(term));
  }

  #remember(term: number, relation: Relation): Relation {
    this.#compared.push(term);
    // Most terms have nothing in common with a question.
    if (relation === UNRELATED) this.#places[term] = 1;
    else this.#places[term] = this.#relations.push(relation);
    return relation;
  }

  #compare(term: number): Relation {
    const slots = this.grams.slotsOf(term, this.#slots);
    if (slots.length === 0) return UNRELATED;
    const relation: Relation = { words: [], forms: [], slots };
    const shared = new Uint8Array(this.#alternatives.length);
    for (let each = 0; each < slots.length; each++) {
      const owners = this.#owners[slots[each] as number] as number[];
      for (let owner = 0; owner < owners.length; owner++) {
        const place = owners[owner] as number;
        shared[place] = (shared[place] as number) + 1;
      }
    }
    for (let place = 0; place < shared.length; place++) {
      if (shared[place] !== 0) this.#addForm(relation, place, shared[place] as number, term);
    }
    return relation;
  }

  /** A word that shares `count` runs with the term in one of its writings. */
  #addForm({ words, forms }: Relation, place: number, count: number, term: number): void {
    const { word, isName, runs } = this.#alternatives[place] as Alternative;
    if (isName || count / runs < LIKE_ENOUGH) return;
    // Between how much of the word the term has and how alike the two are: a long compound is less of it.
    const form = Math.min(1, (count / runs + (2 * count) / (runs + this.grams.runCount(term))) / 2);
    const known = words.indexOf(word);
    if (known >= 0) forms[known] = Math.max(forms[known] as number, form);
    else {
      words.push(word);
      forms.push(form);
    }
  }

  /** The owners of the bucket's slot; undefined when there is no room for another. */
  #ownersOf(bucket: number): number[] | undefined {
    const slot = this.#slots[bucket] as number;
    if (slot > 0) return this.#owners[slot - 1];
    if (this.weights.length === MOST_SLOTS) return undefined;
    const owners: number[] = [];
    this.#owners.push(owners);
    this.weights.push(this.grams.weight(bucket, this.documents));
    this.#slots[bucket] = this.weights.length;
    return owners;
  }
}

/** Hashes of the runs of a term between marks of its beginning and end. */
function runsOf(term: string): number[] {
  const marked = `^${term}$`;
  const runs: number[] = [];
  for (let start = 0; start === 0 || start + LENGTH <= marked.length; start++) runs.push(hash(marked, start));
  return runs;
}

/** FNV-1a, folded to 16 bits. */
function hash(text: string, start: number): number {
  let value = 0x811c9dc5;
  const end = Math.min(start + LENGTH, text.length);
  for (let place = start; place < end; place++) {
    value = Math.imul(value ^ text.charCodeAt(place), 0x01000193);
  }
  return (value ^ (value >>> 16)) & (BUCKETS - 1);
}
