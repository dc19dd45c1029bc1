// What the collector said last of the flow and the account's progress in it.

/** Every step of the flow, in order; none while there is no flow. */
export const steps = (page) => page.flow?.stage.flatMap((stage) => stage.step) ?? [];

/** Whether the collector says that a step is done. */
export const isDone = (page, id) => page.progress.steps[id]?.status == 'done';
