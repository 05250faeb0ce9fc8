"""Which server is meant, out of the many ways in which people write it down."""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from translator.core.backend import BackendError

OLLAMA_PORT = "11434"
OPENAI_DEFAULT = "http://127.0.0.1:8080"
_MOST_PORT = 65535
_SCHEME_PORTS = {"http": "80", "https": "443"}
_HOST = re.compile(r"[0-9A-Za-z_.%:\-]+|[^\x00-\x7f]+(?:[0-9A-Za-z_.\-]|[^\x00-\x7f])*")
_VERSION = re.compile(r"v\d+(?:(?:alpha|beta)\d*)?")
_KIND = re.compile(r"([^+/:#\s]*)\+(.*)", re.DOTALL)

OLLAMA, OPENAI = "ollama", "openai"


@dataclass(frozen=True, slots=True)
class OpenAIAddress:
    """Where an OpenAI-compatible server is: `api` ends in its version (…/v1), `root` is the place above it."""

    api: str
    root: str


@dataclass(frozen=True, slots=True)
class HostSpec:
    """A server as the user named it. kind: ollama or openai. model: its own name for the model, where one was given.

    address: as `ollama_address` gives it, or the `api` of an OpenAIAddress. For the kinds that are no servers of their
    own (embedded, pseudo) it is what the program runs itself.
    """

    kind: str
    address: str
    model: str | None = None

    @property
    def name(self) -> str:
        """What the server is called everywhere: in messages, in the record, in the store."""
        return f"{self.kind} {self.address}".rstrip()


def host_spec(text: str, kind: str) -> HostSpec:
    """What `--host` means: an address, maybe `KIND+` before it and `#MODEL` behind it.

    kind: ollama or openai, for an address that does not say; a version in its path (`/v1`) says openai. Raises
    BackendError, which names the part that is wrong.
    """
    whole = text.strip()
    said = _KIND.fullmatch(whole)
    rest = whole if said is None else said[2]
    if said is not None and (said[1].lower() not in (OLLAMA, OPENAI) or not rest.strip()):
        wrong = f"“{said[1]}” is no kind of server" if rest.strip() else f"no address stands behind “{said[1]}+”"
        raise BackendError(f"{whole}: {wrong}", hint=f"the kinds are {OLLAMA} and {OPENAI}: openai+http://HOST:PORT")
    address, mark, model = (part.strip() for part in rest.partition("#"))
    if mark and not model:
        raise BackendError(f"{whole}: no model stands behind “#”", hint="write there what the server calls the model")
    steps = (address.partition("://")[2] or address).rstrip("/").split("/")[1:]
    if said is not None:
        kind = said[1].lower()
        if kind == OLLAMA and steps and _VERSION.fullmatch(steps[-1]):
            raise BackendError(
                f"{whole}: /{steps[-1]} belongs to OpenAI's protocol, not to Ollama's own",
                hint=f"leave the path out; or write {OPENAI}+, which cannot set the context window",
            )
    elif any(_VERSION.fullmatch(step) for step in steps):
        kind = OPENAI
    found = ollama_address(address, strict=True) if kind == OLLAMA else openai_address(address).api
    return HostSpec(kind, found, model or None)


def ollama_address(value: str | None, *, strict: bool = False) -> str:
    """The address that a client asks, out of what OLLAMA_HOST or `--host` says; never with a slash at its end.

    Follows `Host` and `ConnectableHost` of Ollama's envconfig/config.go: spaces and quotes around it do not count;
    without a scheme it is http and port 11434, with one the scheme's own port; a port out of range becomes the
    default; an address that only a server can listen on (0.0.0.0, ::, or none before the port) becomes this
    machine's. Raises BackendError for what can be no address. strict: for a port that is none, too: a server that was
    started with the same OLLAMA_HOST listens at the default, but who names a host for a job has mistyped its port.
    """
    text = (value or "").strip().strip("\"'").strip()
    scheme, found, rest = text.partition("://")
    if not found:
        scheme, rest, default = "http", text, OLLAMA_PORT
        if text == "ollama.com":
            scheme, rest = "https", "ollama.com:443"
    else:
        scheme = scheme.lower()
        default = _SCHEME_PORTS.get(scheme, "")
        if not default:
            raise _no_address(text)
    hostport, _, path = rest.partition("/")
    split = _split_host_port(hostport)
    if split is None:
        host = hostport.strip("[]") if _ip(hostport.strip("[]")) else hostport or "127.0.0.1"
        port = default
    else:
        host, port = split
    if not re.fullmatch(r"\+?[0-9]+", port) or int(port) > _MOST_PORT:
        if strict and port:
            raise _no_address(text)
        port = default
    host = connectable(host)
    if not _is_host(host):
        raise _no_address(text)
    return f"{scheme}://{_bracketed(host)}:{int(port)}{_tail(path)}"


def openai_address(value: str | None) -> OpenAIAddress:
    """Where the OpenAI routes are, out of an address with or without scheme and `/v1`.

    Without a scheme it is https for a name on the internet and http for all else. A path that already holds a
    version is taken as it is. None: llama-server's own default. Raises BackendError for what can be no address.
    """
    text = (value or "").strip().strip("\"'").strip() or OPENAI_DEFAULT
    if "://" not in text:
        host = text.partition("/")[0]
        public = "." in host and ":" not in host and _ip(host) is None and not host.endswith((".local", ".lan"))
        text = f"{'https' if public else 'http'}://{text}"
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise _no_address(text) from error
    if not host and port is None:
        raise _no_address(text)
    host = connectable(host)
    if parts.scheme not in _SCHEME_PORTS or not _is_host(host):
        raise _no_address(text)
    path = parts.path.rstrip("/")
    for route in ("/chat/completions", "/completions", "/models"):
        path = path.removesuffix(route)
    origin = f"{parts.scheme}://{_bracketed(host)}{f':{port}' if port is not None else ''}"
    steps = path.split("/")
    versions = [index for index, step in enumerate(steps) if _VERSION.fullmatch(step)]
    if versions:
        return OpenAIAddress(api=origin + path, root=origin + "/".join(steps[: versions[-1]]))
    return OpenAIAddress(api=f"{origin}{path}/v1", root=origin + path)


def connectable(host: str) -> str:
    """The host that a client can ask where a server listens on `host`: 0.0.0.0, :: and none become loopback."""
    if not host:
        return "127.0.0.1"
    ip = _ip(host)
    if ip is None or not ip.is_unspecified:
        return host
    return "127.0.0.1" if isinstance(ip, ipaddress.IPv4Address) else "::1"


def is_near(address: str) -> bool:
    """Whether an address is on this machine or in its own network, where no proxy belongs in between."""
    host = urlsplit(address).hostname or ""
    ip = _ip(host)
    if ip is not None:
        return ip.is_private or ip.is_loopback or ip.is_link_local
    return "." not in host or host.endswith((".local", ".lan", ".localhost", ".internal"))


def is_loopback(address: str) -> bool:
    """Whether an address is on this very machine."""
    host = urlsplit(address).hostname or ""
    ip = _ip(host)
    return ip.is_loopback if ip is not None else host == "localhost" or host.endswith(".localhost")


def _split_host_port(text: str) -> tuple[str, str] | None:
    """Host and port as Go's net.SplitHostPort parts them; None where that returns an error."""
    if text.startswith("["):
        match = re.fullmatch(r"\[([^\[\]]*)\]:([^\[\]:]*)", text)
    else:
        match = re.fullmatch(r"([^\[\]:]*):([^\[\]:]*)", text)
    return (match[1], match[2]) if match else None


def _is_host(text: str) -> bool:
    """Whether a text can name a host: colons stand in IPv6 addresses only."""
    return _HOST.fullmatch(text) is not None and (":" not in text or _ip(text) is not None)


def _ip(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _tail(path: str) -> str:
    trimmed = path.strip("/")
    return f"/{trimmed}" if trimmed else ""


def _no_address(text: str) -> BackendError:
    return BackendError(
        f"“{text}” is no address of a server", hint="write it as http://HOST:PORT, for example http://127.0.0.1:11434"
    )
