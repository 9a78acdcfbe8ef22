// Playing HLS: by the browser itself where it can, by hls.js (fetched only then) where it cannot.
const TYPE = "application/vnd.apple.mpegurl";

export class CannotPlay extends Error {}

/** @param {HTMLMediaElement} media */
export function playsHls(media) {
  return media.canPlayType(TYPE) !== "";
}

// Makes `media` play the playlist `url` from `start` seconds (-1: the edge of a broadcast). Resolves to a function that
// lets go of it.
/** @param {HTMLMediaElement} media @param {string} url @param {number} start @param {() => void} onFailure */
export async function attach(media, url, start, onFailure) {
  if (url.startsWith("/live/")) return attachLive(media, url, start, onFailure);
  return playsHls(media) ? attachNative(media, url, start, onFailure) : attachHls(media, url, start, onFailure);
}

/** @param {HTMLMediaElement} media @param {string} url @param {number} start @param {() => void} onFailure */
function attachNative(media, url, start, onFailure) {
  const failed = () => onFailure();
  const seek = () => { if (start > 0 && Math.abs(media.currentTime - start) > 0.05) media.currentTime = start; };
  media.addEventListener("error", failed);
  media.addEventListener("loadedmetadata", seek, { once: true });
  media.crossOrigin = "anonymous";  // Chromium's own HLS refuses segments of another host (TUALAI_DELIVERY) without
  media.src = start > 0 ? `${url}#t=${start}` : url;
  return () => {
    media.removeEventListener("error", failed);
    media.removeEventListener("loadedmetadata", seek);
    release(media);
  };
}

/** @param {HTMLMediaElement} media @param {string} url @param {number} start @param {() => void} onFailure */
async function attachHls(media, url, start, onFailure) {
  const { default: Hls } = await import("./vendor/hls.light.min.mjs").catch(() => { throw new CannotPlay(); });
  if (!Hls.isSupported()) throw new CannotPlay();
  media.removeAttribute("src");
  const hls = new Hls({ startPosition: start, enableWorker: false, capLevelToPlayerSize: true, maxBufferLength: 20 });
  let recoveries = 0;
  hls.on(Hls.Events.ERROR, (_, data) => {
    if (!data.fatal) return;
    if (data.type === Hls.ErrorTypes.MEDIA_ERROR && recoveries++ < 2) hls.recoverMediaError();
    else onFailure();
  });
  hls.loadSource(url);
  hls.attachMedia(media);
  return () => { hls.destroy(); release(media); };
}

const PATIENT = { maxNumRetry: 6, retryDelayMs: 500, maxRetryDelayMs: 4000 };
const LOADING = { default: { maxTimeToFirstByteMs: 8000, maxLoadTimeMs: 20000, timeoutRetry: PATIENT, errorRetry: PATIENT } };

// A broadcast: hls.js where it runs, because it can be told how far behind the edge to stay. Whatever fails once the
// picture is there is tried again for ever: the encoder, the server or the network will be back.
/** @param {HTMLMediaElement} media @param {string} url @param {number} start @param {() => void} onFailure */
async function attachLive(media, url, start, onFailure) {
  const { default: Hls } = await import("./vendor/hls.light.min.mjs").catch(() => ({ default: null }));
  if (!Hls?.isSupported()) {
    if (playsHls(media)) return attachNative(media, url, start, onFailure);
    throw new CannotPlay();
  }
  media.removeAttribute("src");
  const hls = new Hls({
    startPosition: start, enableWorker: false, capLevelToPlayerSize: true, maxBufferLength: 20, backBufferLength: 60,
    liveSyncDurationCount: 2, maxLiveSyncPlaybackRate: 1.1, playlistLoadPolicy: LOADING, fragLoadPolicy: LOADING,
  });
  let timer = 0;
  hls.on(Hls.Events.ERROR, (_, data) => {
    if (!data.fatal) return;
    if (data.type === Hls.ErrorTypes.MEDIA_ERROR) { hls.recoverMediaError(); media.play().catch(() => {}); }
    else if (media.readyState > 0) { clearTimeout(timer); timer = setTimeout(() => hls.startLoad(), 2000); }
    else onFailure();
  });
  hls.loadSource(url);
  hls.attachMedia(media);
  return () => { clearTimeout(timer); hls.destroy(); release(media); };
}

/** @param {HTMLMediaElement} media */
function release(media) {
  media.pause();
  media.removeAttribute("src");
  media.load();
}

// Calls `then` once when `media` comes to `end` (seconds), as exactly as the browser lets us.
/** @param {HTMLMediaElement} media @param {number} end @param {() => void} then */
export function stopAt(media, end, then) {
  let timer = 0;
  const check = () => {
    clearTimeout(timer);
    const left = end - media.currentTime;
    if (left <= 0.03) { done(); then(); } else if (!media.paused && left < 1) timer = setTimeout(check, (left * 1000) / media.playbackRate);
  };
  const done = () => { clearTimeout(timer); media.removeEventListener("timeupdate", check); };
  media.addEventListener("timeupdate", check);
  return done;
}

// Says that an answer was played, as a hit of a search perhaps; counts only, nothing about who.
/** @param {string | undefined} episode */
export function countPlay(episode, segment = "", text = "", passage = "") {
  const hit = text && passage ? { text, passage } : {};
  if (episode && (segment || hit.passage)) {
    navigator.sendBeacon?.("/api/v1/plays", JSON.stringify({ episode, segment, ...hit }));
  }
}
