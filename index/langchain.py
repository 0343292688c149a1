"""The index as a langchain retriever, for chains that take one."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangchainDocument
from langchain_core.retrievers import BaseRetriever

from index.store import Index

__all__ = ["HybridRetriever"]


class HybridRetriever(BaseRetriever):
    """A langchain retriever over an open index: `HybridRetriever(index=open_index())`."""

    index: Any
    limit: int = 5

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[LangchainDocument]:
        index: Index = self.index
        return [
            LangchainDocument(
                id=found.passage.id,
                page_content=found.passage.text,
                metadata={
                    "document_id": found.passage.document_id,
                    "start": found.passage.start,
                    "end": found.passage.end,
                    "section": found.passage.context,
                    "year": found.passage.year,
                    "score": found.score,
                },
            )
            for found in index.search(query, self.limit)
        ]
