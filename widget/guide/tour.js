// A guide on its way: which stop, whether its control is there, and what comes next.
import { fill, words } from '../shared/i18n.js';
import { card } from './card.js';
import { find } from './find.js';
import { focusable, follow, hear, hold, isRtl, nobodyIsBusy, ours, reveal, sight, watch } from './host.js';
import { asked, cycle } from './keys.js';
import { layer } from './overlay.js';
import { address, here, holds, isAt } from './route.js';
import { declared } from './score.js';
import { alone } from './tabs.js';

/** How long a control may take to appear, in milliseconds. */
const PATIENCE = 5_000;
/** How long only a control is taken that everything agrees on. */
const SURE = 1_500;
/** How long the next page may take to come by itself. */
const ROUTE = 1_500;
/** Until a screen reader is told that something is looked for. */
const QUIET = 1_000;
/** How long a screen reader gets to notice the region that speaks. */
const SAY = 60;

/**
 * Guides through the stops of a step. `elsewhere`: another tab shows it, or it is over. `seeking`: the
 * control is looked for. `shown`: it is pointed at. `missing`: it did not come. `away`: it is on another page.
 */
export class Guide {
  #page;
  #step;
  #stops;
  #at;
  /** The furthest stop that was reached. */
  #furthest;
  #phase = 'elsewhere';
  /** Whether an earlier stop was done here, so that the person is on the way. */
  #came = false;
  /** Whether the person waits for an answer to a press. */
  #asked;
  /** The address that the stop began at. */
  #path = '';
  /** What is true of this stop so far: `done`, `revealed`, `told`, `patient`. */
  #stage = {};
  #layer;
  #card;
  #target;
  /** What ends each thing that goes on for this stop. */
  #going = [];
  #life = new AbortController();
  #free;

  /**
   * Begins at stop `at`, counted from 1. `wanted` says that the person asked for it just now; otherwise it
   * goes on where it stood, unless another tab shows it.
   */
  constructor(page, step, at, wanted) {
    this.#page = page;
    this.#step = step;
    this.#stops = step.guide.map((stop) => ({ wait: 'click', ...stop }));
    this.#at = this.#furthest = Math.min(at, step.guide.length) - 1;
    this.#asked = wanted;
    this.#layer = layer(page);
    ours(page.host);
    addEventListener(
      'keydown',
      this.#safely((event) => this.#pressed(event)),
      { capture: true, signal: this.#life.signal },
    );
    this.#free = alone(
      page.owner,
      wanted,
      this.#safely(() => this.#enter(wanted)),
      this.#safely(() => this.#lost()),
    );
  }

  /** The collector knows more than before. */
  news() {
    if (this.#phase != 'elsewhere' && this.#stop.wait == 'fact' && this.#holds(this.#stop)) this.#onwards();
  }

  /** The page's address may have changed. */
  routed() {
    const stop = this.#stop;
    if (this.#phase == 'elsewhere') return;
    // The press that ended the stop may have changed the address at once.
    const left = stop.wait == 'navigation' && !stop.to && this.#path != here();
    if (this.#stage.done || left || (stop.wait == 'navigation' && this.#holds(stop))) return this.#onwards();
    if (isAt(stop)) {
      if (/away|missing/.test(this.#phase)) this.#again();
    } else if (this.#phase != 'away') {
      this.#leaveStop();
      this.#phase = 'away';
      this.#tell('guide.ended', { reason: 'navigated' });
    }
  }

  /** Over, for a reason that is reported, or without a word when there is none. */
  end(reason) {
    const wasHere = this.#phase != 'elsewhere';
    const focused = this.#layer.hasFocus();
    const target = this.#target;
    this.#leaveStop();
    this.#phase = 'elsewhere';
    this.#layer.remove();
    this.#life.abort();
    if (wasHere && reason) this.#tell('guide.ended', { reason });
    if (reason && reason != 'replaced') {
      // Before another tab may go on.
      this.#page.stand(this.#step.id, 0, '');
      const control = focused && reason != 'closed' && target && focusable(target, false);
      if (control) control.focus({ preventScroll: true });
      this.#page.onGuideEnd(focused && !control);
    }
    this.#free();
  }

  // What is called from outside, for as long as there is a guide; what fails ends it and not the page.
  #safely(run) {
    return (...heard) => {
      if (this.#life.signal.aborted) return;
      try {
        run(...heard);
      } catch (error) {
        console.warn('[tabiji] no guide: ' + error);
        this.end();
        this.#page.onGuideEnd(false);
      }
    };
  }

  get #stop() {
    return this.#stops[this.#at];
  }

  // The place is this tab's: on from where it stood.
  #enter(wanted) {
    const { standing, stoodAt, onGuideEnd } = this.#page;
    if (!wanted) {
      // Another tab may have gone on, or ended it, while this one waited.
      const stop = standing(this.#step.id);
      if (!stop) {
        this.end();
        return onGuideEnd(false);
      }
      this.#at = Math.min(stop, this.#stops.length) - 1;
    }
    // A stop that waited for another page may have got it by the load that began this guide.
    const { wait, to } = this.#stop;
    const from = stoodAt();
    if (wait == 'navigation' && !to && from !== undefined && from != here()) this.#onwards();
    else this.#go(this.#at);
  }

  // Another tab took it over.
  #lost() {
    this.end('replaced');
    this.#page.onGuideEnd(false);
  }

  // To a stop, counted from 0; past the last one the guide is finished.
  #go(at) {
    this.#leaveStop();
    this.#stage = {};
    if (at >= this.#stops.length) return this.end('finished');
    this.#at = at;
    this.#furthest = Math.max(this.#furthest, at);
    this.#path = here();
    this.#remember(at);
    this.#look();
  }

  // This stop is done.
  #onwards() {
    this.#came = true;
    this.#go(this.#at + 1);
  }

  #remember(at) {
    this.#page.stand(this.#step.id, at + 1, here());
  }

  // Looks for the control of this stop.
  #look() {
    if (this.#holds(this.#stop)) return this.#onwards();
    if (!isAt(this.#stop)) {
      this.#phase = 'away';
      // A person who has just pressed something is on the way there, or wants to be shown the way.
      if (this.#asked || this.#came)
        this.#later(this.#asked ? 0 : ROUTE, () => {
          this.#face('away');
          this.#going.push(watch(this.#safely(() => this.#draw())));
        });
      return;
    }
    this.#phase = 'seeking';
    this.#going.push(watch(this.#safely(() => this.#attach())));
    this.#later(SURE, () => {
      this.#stage.patient = true;
      this.#attach();
    });
    this.#later(PATIENCE, () => this.#giveUp());
    this.#later(QUIET, () => this.#say(words.seeking));
    this.#attach();
  }

  #again() {
    this.#leaveStop();
    this.#look();
  }

  // Points at the control when it is there and can be reached.
  #attach() {
    if (!/seeking|missing/.test(this.#phase)) return;
    const stop = this.#stop;
    const stage = this.#stage;
    const element = find(stop.target, !stage.patient);
    if (!element) return;
    let seen = sight(element);
    // What can be seen is left where it is; it is brought into view once, and then the page is the person's.
    if (!stage.revealed && !(seen?.reachable && seen.complete)) {
      stage.revealed = true;
      reveal(element);
      seen = sight(element);
    }
    if (!seen?.reachable) return;
    this.#settle();
    this.#phase = 'shown';
    this.#target = element;
    this.#face('stop', seen);
    // The page may have changed by the focus that the card took.
    if (this.#phase != 'shown' || this.#target !== element) return;
    this.#going.push(
      hear(
        element,
        this.#safely((kind, value) => this.#heard(kind, value)),
      ),
    );
    if (stop.blocking) this.#going.push(hold(element, this.#layer.host));
    this.#going.push(
      follow(
        element,
        this.#safely(() => this.#moved()),
      ),
    );
    if (stage.told) return;
    stage.told = true;
    this.#tell('guide.started', { of: this.#stops.length });
  }

  // The control may have moved, changed or gone.
  #moved() {
    if (this.#phase != 'shown') return;
    const seen = sight(this.#target);
    if (seen && this.#layer.isOpen()) this.#draw(seen);
    // At once, so that nothing points at where it was.
    else this.#again();
  }

  // It did not come in time.
  #giveUp() {
    this.#attach();
    if (this.#phase != 'seeking') return;
    this.#settle();
    this.#phase = 'missing';
    this.#tell('guide.target_missing', { tried: declared(this.#stop.target).join(), waited: PATIENCE });
    this.#face('missing');
    // It may still come.
    const changed = () => {
      this.#draw();
      this.#attach();
    };
    this.#going.push(watch(this.#safely(changed)));
  }

  // Shows a card; `seen` is how the control can be seen, when there is one.
  #face(face, seen) {
    const { title = this.#step.title, text, wait, blocking } = this.#stop;
    const [n, m] = [this.#at + 1, this.#stops.length];
    const bars = blocking && face == 'stop';
    const hadFocus = this.#layer.hasFocus();
    const back = this.#before() >= 0;
    this.#card = card(
      { face, title, text, wait, frame: seen?.frame, n, m, back, blocking: bars, address: address(this.#stop, this.#step.link) },
      this.#safely((what) => this.#ask(what)),
    );
    this.#layer.open(seen && this.#target, isRtl());
    this.#layer.show(this.#card);
    const takesFocus = hadFocus || bars || this.#asked || nobodyIsBusy();
    this.#asked = false;
    this.#draw(seen);
    // What is said must come after what says it.
    this.#later(SAY, () => this.#say(fill(words.announce, { title, n, m })));
    if (takesFocus) this.#card.focus({ preventScroll: true });
  }

  #draw(seen) {
    this.#layer.draw(seen, this.#stop.blocking, isRtl());
  }

  #say(text) {
    if (!this.#layer.isOpen()) this.#layer.open(undefined, isRtl());
    this.#layer.say(text);
  }

  #pressed(event) {
    if (!this.#card) return;
    if (this.#phase == 'shown' && this.#stop.blocking) cycle(event, this.#card, this.#target);
    const what = asked(event, isRtl());
    // Keys belong to the guide inside its card, and Escape where nothing else has the focus, too.
    if (!what || !(this.#layer.hasFocus() || (what == 'close' && nobodyIsBusy()))) return;
    event.preventDefault();
    event.stopPropagation();
    this.#ask(what);
  }

  // People did something to the control.
  #heard(kind, value) {
    const stop = this.#stop;
    const done = {
      click: kind == 'click',
      input: /change|focusout/.test(kind) && value.trim(),
      value: stop.value === value,
    }[stop.wait];
    if (!done || this.#phase != 'shown' || this.#stage.done) return;
    this.#stage.done = true;
    // The page may go away by this very press: what is next is remembered before it does.
    const next = this.#at + 1;
    if (next < this.#stops.length) this.#remember(next);
    else this.#page.stand(this.#step.id, 0, '');
    // The page's own listeners come first.
    this.#settle();
    this.#later(0, () => this.#onwards());
  }

  // A button or a key of the card.
  #ask(what) {
    const at = this.#at;
    const before = this.#before();
    if (what == 'close') this.end(this.#phase == 'missing' ? 'target_missing' : 'closed');
    else if (what == 'retry') this.#again();
    else if (what == 'skip' && at + 1 == this.#stops.length) this.end('skipped');
    // Forward only over what needs nothing done, or was passed before.
    else if (what == 'skip' || (what == 'next' && (this.#stop.wait == 'read' || at < this.#furthest))) this.#go(at + 1);
    else if (what == 'back' && before >= 0) this.#go(before);
  }

  #holds(stop) {
    return holds(stop, this.#page.facts);
  }

  // The nearest stop before this one that there is something to do at.
  #before() {
    return this.#stops.slice(0, this.#at).findLastIndex((stop) => !this.#holds(stop));
  }

  // Takes down what belongs to this stop; the layer stays, closed.
  #leaveStop() {
    // The next card takes the focus up again.
    this.#asked ||= this.#layer.hasFocus();
    this.#settle();
    this.#target = this.#card = undefined;
    this.#layer.close();
  }

  #settle() {
    for (const end of this.#going.splice(0)) {
      try {
        end();
      } catch {
        // A page that broke what we need has nothing left of it either.
      }
    }
  }

  #later(wait, run) {
    const timer = setTimeout(this.#safely(run), wait);
    this.#going.push(() => clearTimeout(timer));
  }

  // Reports an event about this stop.
  #tell(kind, data) {
    this.#page.emit(kind, this.#step.id, { ...data, stop: this.#at + 1 });
  }
}
