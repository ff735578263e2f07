/** What is done with videos marked `data-privet-video`, in the names and fields of Open edX. */

import type { Data, Recorder } from "../event.ts";
import { listen } from "../listen.ts";
import { place } from "../scrub.ts";
import { ignored } from "./elements.ts";

const MARK = "data-privet-video";

const captionsOf = (video: HTMLVideoElement): boolean =>
  [...video.textTracks].some(
    ({ kind, mode }) => /captions|subtitles/.test(kind) && mode === "showing",
  );

const watchVideo = (video: HTMLVideoElement, record: Recorder, signal: AbortSignal): void => {
  const object = video.getAttribute(MARK) ?? "";
  let time = video.currentTime;
  let speed = video.playbackRate;
  let captions = captionsOf(video);

  const report = (name: string, more: Data = {}): void =>
    record(
      name,
      {
        id: object,
        code: place(video.currentSrc),
        currentTime: video.currentTime,
        duration: video.duration,
        ...more,
      },
      { object },
    );
  const on = (type: string, tell: () => unknown): void => listen(video, type, tell, signal);

  report("load_video");
  // It may have begun before it was known who is here.
  video.paused || report("play_video");
  on("play", () => report("play_video"));
  // At its end a video pauses too; Open edX tells only of the stop.
  on("pause", () => video.ended || report("pause_video"));
  on("ended", () => report("stop_video"));
  on("timeupdate", () => video.seeking || (time = video.currentTime));
  on("seeked", () => {
    const moved = { old_time: time, new_time: video.currentTime };
    time = video.currentTime;
    report("seek_video", { ...moved, type: "onSlideSeek" });
  });
  on("ratechange", () => {
    const changed = { old_speed: speed, new_speed: video.playbackRate };
    speed = video.playbackRate;
    if (speed !== changed.old_speed) report("speed_change_video", changed);
  });
  listen(
    video.textTracks,
    "change",
    () => {
      if (captions === captionsOf(video)) return;
      captions = !captions;
      report(`edx.video.closed_captions.${captions ? "shown" : "hidden"}`);
    },
    signal,
  );
};

export const watchVideos = (record: Recorder, signal: AbortSignal): void => {
  const known = new WeakSet<Element>();
  const meet = (video: HTMLVideoElement): void => {
    if (!video.hasAttribute(MARK) || known.has(video) || ignored(video)) return;
    known.add(video);
    watchVideo(video, record, signal);
  };
  const ready = ({ target }: globalThis.Event): void => meet(target as HTMLVideoElement);
  listen(document, "loadedmetadata playing", ready, signal);
  for (const video of document.querySelectorAll("video")) if (video.readyState) meet(video);
};
