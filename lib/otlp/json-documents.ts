/**
 * Cuts a text that comes in pieces of any size into its JSON documents: one a line, as the Collector's file exporter
 * writes them, or spread over many lines, as people and other tools save them, or one after the other. What is held
 * is the open document only, and never more than `limit` characters of it.
 *
 * A document that was broken off (a full disk, a killed writer) must not take the rest of the file with it: a line that
 * begins with a curly bracket in its first column, as every line of such a file does and none inside an indented
 * document, begins a new one, unless a list is open.
 */
export interface JsonDocument {
  /** Line on which it begins, from 1. */
  readonly line: number;
  readonly text: string;
}

export interface JsonProblem {
  readonly line: number;
  readonly reason: string;
}

export interface JsonPieces {
  readonly documents: readonly JsonDocument[];
  readonly problems: readonly JsonProblem[];
}

export interface JsonDocuments {
  /** What is complete with this piece. */
  push(piece: string): JsonPieces;
  /** What is left over at the end of the text. */
  end(): JsonPieces;
}

/** No export request of a real sender is near it. */
export const MAX_DOCUMENT_CHARS = 64 * 1024 * 1024;

const QUOTE = 34;
const BACKSLASH = 92;
const NEW_LINE = 10;
const OPEN = new Set([123, 91]);
const CLOSE = new Set([125, 93]);
const BRACE = 123;
const SPACE = new Set([32, 9, 13, 10, 0xfeff, 44]);

export function createJsonDocuments(limit = MAX_DOCUMENT_CHARS): JsonDocuments {
  let open = '';
  let openLine = 1;
  let line = 1;
  let depth = 0;
  let isList = false;
  let inString = false;
  let escaped = false;
  let atLineStart = true;
  /** Throwing away until the next line that can begin a document. */
  let skipping = false;

  const reset = () => {
    open = '';
    depth = 0;
    inString = false;
    escaped = false;
  };

  return {
    push(piece) {
      const documents: JsonDocument[] = [];
      const problems: JsonProblem[] = [];
      let from = 0;
      const fail = (reason: string) => {
        problems.push({ line: openLine, reason });
        reset();
      };
      for (let i = 0; i < piece.length; i++) {
        const code = piece.charCodeAt(i);
        const first = atLineStart;
        atLineStart = code === NEW_LINE;
        if (code === NEW_LINE) line++;
        if (first && code === BRACE && ((depth > 0 && !isList) || skipping)) {
          if (!skipping) fail('it breaks off');
          skipping = false;
          from = i;
        }
        if (skipping) continue;
        if (depth === 0) {
          if (OPEN.has(code)) {
            from = i;
            depth = 1;
            isList = code !== BRACE;
            openLine = line;
          } else if (!SPACE.has(code)) {
            openLine = line;
            fail('no JSON object');
            skipping = true;
          }
          continue;
        }
        if (inString) {
          if (escaped) escaped = false;
          else if (code === BACKSLASH) escaped = true;
          else if (code === QUOTE) inString = false;
          continue;
        }
        if (code === QUOTE) inString = true;
        else if (OPEN.has(code)) depth++;
        else if (CLOSE.has(code) && --depth === 0) {
          documents.push({ line: openLine, text: open + piece.slice(from, i + 1) });
          reset();
        }
      }
      if (depth > 0) {
        open += piece.slice(from);
        if (open.length > limit) {
          fail(`longer than ${limit} characters`);
          skipping = true;
        }
      }
      return { documents, problems };
    },
    end() {
      const problems = depth > 0 ? [{ line: openLine, reason: 'it breaks off' }] : [];
      reset();
      skipping = false;
      return { documents: [], problems };
    },
  };
}
