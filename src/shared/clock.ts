const two = (value: number): string => String(value).padStart(2, '0');
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A moment as people read it, in the machine's own zone: "14:05", with the day in front where that is another than `from`'s. Both in ISO 8601. */
export function timeOfDay(iso: string, from: string): string {
  const time = new Date(iso);
  const clock = `${two(time.getHours())}:${two(time.getMinutes())}`;
  return time.toDateString() === new Date(from).toDateString() ? clock : `${months[time.getMonth()] ?? ''} ${time.getDate()} ${clock}`;
}
