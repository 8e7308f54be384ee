/** What some libraries need before they can live inside one file. */
import type { BunPlugin } from "bun";

/**
 * Each edit replaces text that must be there: an update of the library that moves it fails the build
 * instead of the binary.
 */
type Edit = { library: string; file: RegExp; from: string; to: string };

const EDITS: Edit[] = [
  {
    // Finds ONNX Runtime by a path at run time, where the bundler cannot follow.
    library: "@huggingface/transformers",
    file: /@huggingface[\\/]transformers[\\/]dist[\\/]transformers\.node\.mjs$/,
    from: 'requireFromHere("onnxruntime-node")',
    to: 'require("onnxruntime-node")',
  },
  {
    // Loads the part that native.ts copied out; the embedding worker says where it is.
    library: "onnxruntime-node",
    file: /onnxruntime-node[\\/]dist[\\/]binding\.js$/,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is text of the library's own source.
    from: "require(`../bin/napi-v6/${process.platform}/${process.arch}/onnxruntime_binding.node`)",
    to: "require(globalThis.parleyOnnxRuntimeBinding)",
  },
  {
    // Only draws pictures of pages, which Parley never asks for, and weighs 30 MB.
    library: "pdfjs-dist",
    file: /pdfjs-dist[\\/]legacy[\\/]build[\\/]pdf\.mjs$/,
    from: 'canvas = require("@napi-rs/canvas");\n    } catch',
    to: "canvas = undefined;\n    } catch",
  },
];

/** `onEdited` is told each library that was edited, to notice the ones that were not. */
export function singleFilePlugin(onEdited: (library: string) => void): BunPlugin {
  return {
    name: "parley-single-file",
    setup(build) {
      // Transformers.js imports an image library that text models never use.
      build.onResolve({ filter: /^sharp$/ }, () => ({ path: "sharp", namespace: "parley-nothing" }));
      build.onLoad({ filter: /.*/, namespace: "parley-nothing" }, () => ({
        contents: "export default {};",
        loader: "js",
      }));
      for (const edit of EDITS) {
        build.onLoad({ filter: edit.file }, async ({ path }) => {
          const source = await Bun.file(path).text();
          onEdited(edit.library);
          return { contents: edited(source, edit), loader: "js" };
        });
      }
    },
  };
}

function edited(source: string, { library, from, to }: Edit): string {
  if (source.includes(from)) return source.replace(from, () => to);
  throw new Error(
    `${library} no longer has the line that the build replaces ("${from}"). See how it loads its native part now.`,
  );
}
