// The shapes that the pages' scripts share: what the site sends them, and the libraries they find on `window`.
// Read by `npm run check` only; never served.

interface Buffer extends Uint8Array {} // Node's, which the types of tus name
declare const tus: typeof import("tus-js-client");
interface Window {
  uPlot?: typeof import("uplot");
  SpeechRecognition?: new () => Recognition;
  webkitSpeechRecognition?: new () => Recognition;
}
interface Navigator {
  connection?: { saveData?: boolean };
}
interface HTMLVideoElement {
  webkitEnterFullscreen?(): void; // iPhones have only this
}
interface Recognition extends EventTarget {
  lang: string;
  interimResults: boolean;
  maxAlternatives: number;
  onresult: ((event: { results: Iterable<ArrayLike<{ transcript: string }>> }) => void) | null;
  onerror: ((event: { error: string }) => void) | null;
  onend: (() => void) | null;
  start(): void;
  stop(): void;
}
interface DocumentEventMap {
  "tualai:time": CustomEvent<Moment>;
  "tualai:results": CustomEvent;
}

/** Sentences by name, in the language of the page. */
type Words = Record<string, string>;
type Values = Record<string, string | number | undefined>;
type Moment = { second: number; playing: boolean };
type Timer = ReturnType<typeof setTimeout>;
type Person = { name: string };
/** A picture of the storyboard: x, y, width and height on its sheet. */
type Tile = { start: number; sheet: string; area: number[] };

// --- the live page, the screens, the desk of moderators

type Question = {
  id: string;
  shown: string;
  name?: string;
  workplace?: string;
  asker?: string;
  state: string;
  votes: number;
  answer?: string;
};
type LiveCue = { start: number; end: number; text: string };
/** Functions by the kind of event that they are for. */
// biome-ignore lint/suspicious/noExplicitAny: what an event carries is what its own handler says
type Handlers = Record<string, ((data: any, id: number | null) => void) | undefined>;
type ScreenQuestion = { text: string; asker: string; guest: string; votes: string };
type ScreenView = {
  at: string;
  now: ScreenQuestion | null;
  since: string;
  next: ScreenQuestion[];
  count: string;
  open: boolean;
};
type DeskQuestion = { id: string; version: number; shown: string; topics: string[]; guest: string };
type Health = {
  video_kbps?: number;
  audio_kbps?: number;
  delay?: number;
  viewers?: number;
  dropped?: number;
  warning?: string;
};
type Say = {
  problem(name: string, detail?: string, current?: DeskQuestion | null): void;
  live(name: string): void;
  clear(): void;
  tell(text: string): void;
  undos(count: number): void;
};
type Undo = { ids: string[]; do: () => Promise<unknown> };
/** What the desk's calls answer: the question as it is now, or what was wrong. */
type Answered = DeskQuestion & { detail?: string; current?: DeskQuestion; question?: DeskQuestion };

// --- the studio

type Progress = { step: string; percent: number; left: string; ended: boolean; failed: boolean };
type Step = { name: string; state: string };
type EpisodeRow = {
  state: string;
  kind: string;
  people: string;
  line: string;
  percent: number;
  reason: string;
  steps: Step[];
  can_retry: boolean;
  can_cancel: boolean;
};
type FoundAnswer = { id: string; question: string; title: string; episode_title: string };
type Fill = (text: string, values: Values) => string;
type Upload = {
  id: string;
  state: string;
  filename: string;
  said: string;
  error: string;
  percent: number;
  episode: string;
  may_retry: boolean;
  may_remove: boolean;
};
type Figures = { days: number[]; names: string[]; language: string; series: Record<string, number[]> };

// --- the timeline

type Kind = "answer" | "chapter";
type Side = "start" | "end";
type Segment = {
  id: string;
  version: number;
  kind: Kind;
  start: number;
  end: number;
  answer_start: number | null;
  title: string;
  question: string;
  asker: string;
  answerers: string[];
  topics: string[];
  origin: string;
  state: string;
  confidence: number;
};
/** `after` null: removed; `into`: the segment that took it in. */
type Change = { id: string; after: Segment | null; into?: string };
type Waiting = { after: Segment | null; into: string };
type Unsaved = Waiting & { id: string; seen: number | null };
type Clash = { id: string; mine: Segment | null; into: string; theirs: Segment | null };
type Turn = { key: string; at: number; changes: (Change & { before: Segment | null })[] };
type Topic = { slug: string; name: string; others: string[] };
type Marks = { from?: number; to?: number };
type TimelineCue = [start: number, end: number, text: string];
type Select = (id: string, how: { seek?: boolean; play?: boolean }) => void;
type Timeline = {
  episode: string;
  segments: Segment[];
  guests: string[];
  guesses: Record<string, string[]>;
  topics: Topic[];
  cues: TimelineCue[];
  duration: number;
  frame: number;
  language: string;
  waveform: string;
  storyboard: string;
  source: string;
  poster: string;
};
type SegmentsAnswer = { detail?: string; saved?: (Segment | null)[]; now?: Record<string, Segment | null> };

// --- the transcript

/** Never changed but replaced, but for what an answer of the site adds. `numbers`: start, end and confidence of each word. */
type Cue = {
  start: number;
  end: number;
  text: string;
  numbers: number[];
  sure: boolean;
  held?: { theirs: Cue[] };
  confirms?: boolean;
};
type WireCue = [start: number, end: number, text: string, numbers?: number[]];
type WireEdit = { before: WireCue[]; after: WireCue[] };
type Edit = { before: Cue[]; after: Cue[]; confirms?: boolean };
type Hunk = Edit & { at: number };
type Draft = { at: number; hunks: WireEdit[] };
type Drafts = [key: IDBValidKey, draft: Draft][];
type Done = { ops: Edit[]; session: object | null };
type Play = (second: number, onlyWhenPlaying?: boolean) => void;
type Announce = (text: string) => void;
type Show = (name: string, values?: Values) => void;
type Term = { id: number; written: string; heard: string[]; kind: string; by_sound: boolean };
type Fix = { cue: WireCue; found: string; written: string; reason: string };
type Child = Node | string | null | undefined;
