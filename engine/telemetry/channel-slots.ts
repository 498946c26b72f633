/** For each slot of a channel: when its message was sent, and by which span. What a span needs of the time before it. */
export class ChannelSlots {
  sentAt: Float64Array;
  /** Two words of span id a slot; zeros where nobody was recorded. */
  senders: Int32Array;

  constructor(capacity: number) {
    this.sentAt = new Float64Array(Math.max(1, capacity)).fill(Number.NaN);
    this.senders = new Int32Array(this.sentAt.length * 2);
  }

  /** Room for slot ids below `capacity`; never shrinks, since messages with larger ids may still be there. */
  reserve(capacity: number): void {
    if (capacity <= this.sentAt.length) return;
    const sentAt = new Float64Array(capacity).fill(Number.NaN);
    sentAt.set(this.sentAt);
    const senders = new Int32Array(capacity * 2);
    senders.set(this.senders);
    this.sentAt = sentAt;
    this.senders = senders;
  }

  /** Times from before a pause in recording say nothing. */
  forget(): void {
    this.sentAt.fill(Number.NaN);
    this.senders.fill(0);
  }
}
