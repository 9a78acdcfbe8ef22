"""Documents in memory."""

from __future__ import annotations

from media.archive.documents import Document


class MemoryDocuments:
    def __init__(self) -> None:
        self.kept: list[Document] = []

    def add(self, document: Document) -> None:
        if document not in self.kept:
            self.kept.append(document)

    def of_episode(self, episode: str) -> list[Document]:
        return [each for each in self.kept if each.episode == episode]

    def remove(self, episode: str, id: str) -> bool:
        self.kept = [each for each in self.kept if (each.episode, each.id) != (episode, id)]
        return all(each.id != id for each in self.kept)
