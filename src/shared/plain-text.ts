/* oxlint-disable no-control-regex -- control characters are what this file is about */
/*
 * ECMA-48: OSC (ends with BEL or ST), the string commands DCS/SOS/PM/APC (end with ST), CSI, other escapes, lone C1.
 * The classes of one alternative are disjoint, so that hostile input costs linear time.
 */
const sequences = /\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[PX^_][^\x1b]*(?:\x1b\\)?|\x1b\[[0-?]*[ -/]*[@-~]?|\x1b[ -/]*[0-~]?/g;
const controls = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

/** Text without terminal control sequences and control characters; newlines and tabs stay, `\r\n` becomes `\n`. */
export function stripControl(text: string): string {
  return text.replace(sequences, '').replace(/\r\n/g, '\n').replace(controls, '');
}
