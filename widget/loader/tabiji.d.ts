// Types of the global `tabiji` function.
export interface Traits {
  /** An identity token signed by your backend. */
  token?: string;
  /** Gives a fresh token when one has expired. */
  renew?: () => string | Promise<string>;
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
  error: { tag: string; message: string };
}
export interface Tabiji {
  (method: 'init', site: string, options?: Options): void;
  (method: 'identify', user: string, traits?: Traits): void;
  (method: 'group', account: string): void;
  (method: 'track', name: string, props?: Record<string, string | number | boolean>): void;
  (method: 'start', step: string): void;
  (method: 'page' | 'open' | 'close' | 'reset' | 'destroy'): void;
  <Name extends keyof Events>(method: 'on' | 'off', event: Name, listener: (detail: Events[Name]) => void): void;
  (method: 'ready'): Promise<void>;
}
declare global {
  interface Window {
    tabiji: Tabiji;
  }
}
