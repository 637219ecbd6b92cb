// The files that the compiler reads, in memory.
import type { Files } from "em-kernel/engine/host";

export function memoryFiles(texts: Readonly<Record<string, string>>): Files {
  const files = new Map(Object.entries(texts));
  const folders = new Map<string, Set<string>>();
  for (const file of files.keys())
    for (
      let at = file.lastIndexOf("/"), inside = file;
      at > 0;
      inside = inside.slice(0, at), at = inside.lastIndexOf("/")
    ) {
      const folder = inside.slice(0, at);
      const name = inside.slice(at + 1);
      folders.set(folder, (folders.get(folder) ?? new Set()).add(name));
    }
  const entries = (folder: string): string[] => [...(folders.get(folder) ?? [])];
  return {
    libFolder: "/lib",
    useCaseSensitiveFileNames: true,
    version: () => "",
    readFile: (file) => files.get(file),
    fileExists: (file) => files.has(file),
    directoryExists: (folder) => folders.has(folder),
    getDirectories: (folder) => entries(folder).filter((name) => folders.has(`${folder}/${name}`)),
    readDirectory: () => [],
  };
}
