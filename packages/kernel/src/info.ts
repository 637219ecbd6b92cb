// What the kernel says about itself. Stock tslab leaves out the status, and its codemirror_mode makes JupyterLab 4
// highlight JavaScript.
import { protocolVersion } from "./message.js";

/** The content of a kernel_info_reply. */
export function kernelInfo(): object {
  const { version } = require("typescript-6/package.json");
  return {
    protocol_version: protocolVersion,
    implementation: "tslab",
    implementation_version: require("tslab/package.json").version,
    language_info: {
      name: "typescript",
      version,
      mimetype: "text/typescript",
      file_extension: ".ts",
      codemirror_mode: "typescript",
      nbconvert_exporter: "script",
    },
    banner: `TypeScript ${version} on Node ${process.versions.node}`,
  };
}
