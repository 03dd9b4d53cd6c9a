/** What an agent's own tool calls leave in a file: `</content>`, `<parameter name="x">`, `</invoke>`. Told and never shown; the bytes stay. */
const tag = String.raw`<\/?(?:content|parameter|invoke|function_calls?|antml:\w+|file_content|new_str|old_str)(?:\s[^<>]{0,200})?>`;
const line = new RegExp(String.raw`^\s*${tag}\s*$`);
const end = new RegExp(String.raw`(?:\s{0,20}${tag})+\s{0,20}$`);

/** Whether a line is nothing but such markup. */
export const isLeakedLine = (text: string): boolean => text.includes('<') && line.test(text);

/** Such markup at the end of a text; '' where there is none. */
export const leakedBehind = (text: string): string => (text.includes('<') ? end.exec(text)?.[0].trim() ?? '' : '');

/** The text without such markup at its end. */
export const withoutLeaked = (text: string): string => (text.includes('<') ? text.replace(end, '') : text);
