from translator.backends.names import near_names

HAVE = ["hf.co/SakuraLLM/Sakura-14B-Qwen2.5-v1.0-GGUF:IQ4_XS", "sakura-7b:latest", "qwen3:8b", "llama3.2:3b"]


def test_a_typo_finds_the_name() -> None:
    assert near_names("qwen3:8B", HAVE)[0] == "qwen3:8b"
    assert near_names("qewn3", HAVE)[0] == "qwen3:8b"


def test_a_part_of_a_name_finds_it_behind_its_registry() -> None:
    assert set(near_names("sakura", HAVE)) == {HAVE[0], HAVE[1]}


def test_a_typo_in_a_family_finds_its_models() -> None:
    assert set(near_names("sakua", HAVE)) == {HAVE[0], HAVE[1]}
    assert near_names("lama", HAVE) == ("llama3.2:3b",)


def test_strangers_are_not_offered() -> None:
    assert near_names("gemma", HAVE) == ()
