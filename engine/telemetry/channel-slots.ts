/** For each slot of a channel: when its message was sent, and by which span. What a span needs of the time before it. */
export class ChannelSlots {
  sentAt: Float64Array;
  /** Row of the sender's span; 0 where nobody was recorded. */
  senders: Int32Array;

  /** `capacity` is the channel's, as it is now. */
  constructor(public capacity: number) {
    this.sentAt = new Float64Array(Math.max(1, capacity)).fill(Number.NaN);
    this.senders = new Int32Array(this.sentAt.length);
  }

  /** The channel's capacity from now on, and room for slot ids below it; never shrinks, since messages with larger ids may still be there. */
  reserve(capacity: number): void {
    this.capacity = capacity;
    if (capacity <= this.sentAt.length) return;
    const sentAt = new Float64Array(capacity).fill(Number.NaN);
    sentAt.set(this.sentAt);
    const senders = new Int32Array(capacity);
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
