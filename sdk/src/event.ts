/** The form of an event on its way, as the collector reads it. */

export type Data = Record<string, string | number | undefined>;

/** What an event is about, beside its own fields. */
export interface About {
  object?: string;
  page?: string;
  referrer?: string;
  campaign?: string;
  time?: number;
}

export interface Event extends About {
  id: string;
  name: string;
  time: number;
  session: string;
  course?: string;
  institution?: string;
  data: Data;
}

/** Takes an event if the learner's choices let it through. */
export type Recorder = (name: string, data: Data, about?: About) => void;
