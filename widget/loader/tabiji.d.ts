// Types of the global `tabiji` function.
export interface Traits {
  /** An identity token signed by your backend. */
  token?: string;
  /** Gives a fresh token when one has expired, alone or in an object. */
  renew?: () => string | { token: string } | Promise<string | { token: string }>;
}
export interface Options {
  locale?: string;
  position?: 'left' | 'right';
  theme?: 'light' | 'dark';
  launcher?: 'hidden';
  container?: string;
  /** Keeps the widget in the page's own stacking order, below the browser's top layer. */
  layer?: 'page';
  flow?: string;
  /** `required`: nothing is asked of the network or stored before `tabiji('consent', true)`. `granted`: the page has it. */
  consent?: 'required' | 'granted';
}
export interface Events {
  ready: undefined;
  opened: undefined;
  closed: undefined;
  'step.shown': { step: string };
  'step.completed': { step: string };
  'step.reopened': { step: string };
  'step.snoozed': { step: string };
  'checklist.completed': undefined;
  /** Somebody of customer success answered. */
  'chat.message': { from: string; unread: number };
  /** How far somebody watched a clip, in seconds and percent of all of it. */
  'video.progress': { clip: string; at: number; percent: number };
  /** A refusal of the collector (`bad_token`, `token_required`, `foreign_origin`, `unknown_key`, …), `too_large`, or `unreachable`. */
  error: { tag: string; message: string };
}
/** What an action is called with: rows to do, rows only to judge, or what to take back. */
export interface ActionRequest {
  /** The step it is for. */
  step: string;
  /** What the person entered, by the ids of the flow's columns; empty when one press does it all. */
  rows?: Record<string, string>[];
  /** Say what would become of each row, and change nothing. */
  dry?: boolean;
  /** What to take back: the `undo` of each result, or its row where there was none. */
  undo?: unknown[];
}
/** What became of one row, in the order of the rows. */
export interface ActionResult {
  ok: boolean;
  /** In the person's language, when it is not ok. */
  message?: string;
  undo?: unknown;
}
export type Action = (request: ActionRequest) => void | ActionResult | ActionResult[] | Promise<void | ActionResult | ActionResult[]>;
export interface Tabiji {
  (method: 'init', site: string, options?: Options): void;
  /** Whether the person agrees to storage and requests; taken back, what is on the device is erased. */
  (method: 'consent', given: boolean): void;
  (method: 'identify', user: string, traits?: Traits): void;
  (method: 'group', account: string): void;
  (method: 'track', name: string, props?: Record<string, string | number | boolean>): void;
  (method: 'start', step: string): void;
  /** Lets the widget do something in your product, for steps with `[stage.step.here]`. */
  (method: 'action', name: string, run: Action): void;
  (method: 'page' | 'open' | 'close' | 'reset' | 'destroy'): void;
  <Name extends keyof Events>(method: 'on' | 'off', event: Name, listener: (detail: Events[Name]) => void): void;
  (method: 'ready'): Promise<void>;
}
declare global {
  interface Window {
    tabiji: Tabiji;
  }
}
