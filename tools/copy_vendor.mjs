// Copies the third-party browser code that the site serves from node_modules to web/static/vendor/.
// Run by npm after every install; the folder is not committed.
import { copyFileSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const vendor = join(root, "web", "static", "vendor");
const files = {
  "hls.js/dist/hls.light.min.mjs": "hls.light.min.mjs",
  "hls.js/dist/hls.d.mts": "hls.light.min.d.mts", // its types, for `npm run check`; never served
  "hls.js/LICENSE": "hls.LICENSE.txt",
  "tus-js-client/dist/tus.min.js": "tus.min.js",
  "tus-js-client/LICENSE": "tus.LICENSE.txt",
  "dejavu-fonts-ttf/ttf/DejaVuSans.ttf": "DejaVuSans.ttf",
  "dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf": "DejaVuSans-Bold.ttf",
  "dejavu-fonts-ttf/LICENSE": "DejaVu.LICENSE.txt",
  "uplot/dist/uPlot.iife.min.js": "uplot.iife.min.js",
  "uplot/dist/uPlot.min.css": "uplot.min.css",
  "uplot/LICENSE": "uplot.LICENSE.txt",
};

mkdirSync(vendor, { recursive: true });
for (const [from, to] of Object.entries(files)) {
  copyFileSync(join(root, "node_modules", from), join(vendor, to));
}
console.log(`copied ${Object.values(files).join(", ")} to web/static/vendor/`);
