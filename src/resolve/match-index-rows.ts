/**
 * Sets of entries, many of them and alike, one bit an entry: the rows of a bit-vector index. A row is cut into chunks of
 * 1,024 entries; rows share the chunks that they have in common, so that a row that differs from another in one entry
 * costs one chunk. For each chunk a summary word says which of its 32 words hold anything.
 *
 * @see Lakshman and Stiliadis, 1998, for rows; Baboescu and Varghese, 2001, for summaries
 */
export interface Rows {
  /** Chunks in a row. */
  readonly chunks: number;
  /** For chunk `c` of row `r`, at `r * chunks + c`: bit `w` says whether word `w` of the chunk is not 0. */
  summaries: Uint32Array;
  /** At the same place: where the chunk's words start. */
  places: Uint32Array;
  words: Uint32Array;
  rowCount: number;
  wordCount: number;
}

/** The row that holds every entry; it is always there. */
export const everyEntry = 0;

const chunkWords = 32;
const firstRows = 64;

/** Rows for so many entries, one of them so far: {@link everyEntry}. */
export function createRows(entries: number): Rows {
  const chunks = Math.max(1, Math.ceil(entries / 1024));
  const rows: Rows = {
    chunks,
    summaries: new Uint32Array(chunks * firstRows),
    places: new Uint32Array(chunks * firstRows),
    words: new Uint32Array(chunks * chunkWords * 2),
    rowCount: 1,
    wordCount: chunks * chunkWords,
  };
  for (let chunk = 0; chunk < chunks; chunk++) rows.places[chunk] = chunk * chunkWords;
  for (let entry = 0; entry < entries; entry++) writeEntry(rows, entry >>> 10, entry, true);
  return rows;
}

/**
 * The row that says for each of some entries whether it `holds`, and for all others what another row says. It is that
 * other row where nothing differs.
 */
export function deriveRow(
  rows: Rows,
  from: number,
  entries: readonly number[],
  holds: (entry: number) => boolean,
): number {
  let row = from;
  for (const entry of entries) {
    const isIn = holds(entry);
    if (isIn === hasEntry(rows, row, entry)) continue;
    if (row === from) row = copyRow(rows, from);
    const chunk = entry >>> 10;
    const at = row * rows.chunks + chunk;
    if (rows.places[at] === rows.places[from * rows.chunks + chunk]) ownChunk(rows, at);
    writeEntry(rows, at, entry, isIn);
  }
  return row;
}

/** Drops every row made since there were so many rows and words. */
export function truncateRows(rows: Rows, rowCount: number, wordCount: number): void {
  rows.rowCount = rowCount;
  rows.wordCount = wordCount;
}

function hasEntry({ places, words, chunks }: Rows, row: number, entry: number): boolean {
  const place = places[row * chunks + (entry >>> 10)] ?? 0;
  return (((words[place + ((entry >>> 5) & 31)] ?? 0) >>> (entry & 31)) & 1) === 1;
}

function copyRow(rows: Rows, from: number): number {
  const { chunks } = rows;
  const start = rows.rowCount * chunks;
  if (start + chunks > rows.places.length) {
    rows.places = grown(rows.places);
    rows.summaries = grown(rows.summaries);
  }
  rows.places.copyWithin(start, from * chunks, (from + 1) * chunks);
  rows.summaries.copyWithin(start, from * chunks, (from + 1) * chunks);
  rows.rowCount += 1;
  return rows.rowCount - 1;
}

/** Gives the row at `at` a chunk of its own, with what the shared one holds. */
function ownChunk(rows: Rows, at: number): void {
  const start = rows.wordCount;
  const shared = rows.places[at] ?? 0;
  if (start + chunkWords > rows.words.length) rows.words = grown(rows.words);
  rows.words.copyWithin(start, shared, shared + chunkWords);
  rows.places[at] = start;
  rows.wordCount += chunkWords;
}

function writeEntry(rows: Rows, at: number, entry: number, isIn: boolean): void {
  const inChunk = (entry >>> 5) & 31;
  const place = (rows.places[at] ?? 0) + inChunk;
  const word = withBit(rows.words[place] ?? 0, entry & 31, isIn);
  rows.words[place] = word;
  rows.summaries[at] = withBit(rows.summaries[at] ?? 0, inChunk, word !== 0);
}

function withBit(word: number, bit: number, isSet: boolean): number {
  return isSet ? word | (1 << bit) : word & ~(1 << bit);
}

function grown(words: Uint32Array): Uint32Array {
  const more = new Uint32Array(words.length * 2);
  more.set(words);
  return more;
}
