"""Small workbooks for tests; `python -m translator.testing.xlsx_files` writes the samples and the fixtures."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from translator.formats.xlsx.workbook import column_letters
from translator.testing.office_files import OFFICE, content_types, package, relationships

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_FILLS = (None, "gray125", '<fgColor indexed="9"/>', '<fgColor indexed="22"/>')

CellValue = str | int | None


def cell(column: int, row: int, contents: str, *, kind: str = "", style: int = 0) -> str:
    """A cell with contents as they stand in the sheet."""
    own = f' s="{style}"' if style else ""
    told = f' t="{kind}"' if kind else ""
    return f'<c r="{column_letters(column)}{row}"{own}{told}>{contents}</c>'


def sheet(rows: Sequence[Sequence[CellValue]], shared: Sequence[str], styles: Mapping[str, int] | None = None) -> str:
    """A sheet: texts that are shared by their numbers, other texts in the cells, numbers, and nothing for None.

    A text that begins with `<` is the contents of a formula's cell. styles: by the reference of a cell.
    """
    made: list[str] = []
    for number, row in enumerate(rows, 1):
        cells: list[str] = []
        for column, value in enumerate(row):
            style = (styles or {}).get(f"{column_letters(column)}{number}", 0)
            if isinstance(value, int):
                cells.append(cell(column, number, f"<v>{value}</v>", style=style))
            elif value is not None and value.startswith("<"):
                cells.append(cell(column, number, value, kind="str", style=style))
            elif value in shared:
                cells.append(cell(column, number, f"<v>{shared.index(value)}</v>", kind="s", style=style))
            elif value is not None:
                cells.append(cell(column, number, f"<is><t>{value}</t></is>", kind="inlineStr", style=style))
            elif style:
                cells.append(f'<c r="{column_letters(column)}{number}" s="{style}"/>')
        made.append(f'<row r="{number}">{"".join(cells)}</row>')
    return f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(made)}</sheetData></worksheet>'


def workbook(sheets: Mapping[str, str], shared: Sequence[str] = (), *, hidden: Sequence[str] = ()) -> bytes:
    """A workbook of these sheets. shared: as they stand in `si`, texts without a tag in a `t`."""
    listed = "".join(
        f'<sheet name="{name}" sheetId="{n}" state="{"hidden" if name in hidden else "visible"}" r:id="rId{n}"/>'
        for n, name in enumerate(sheets, 1)
    )
    links = [(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in range(1, len(sheets) + 1)]
    links += [("rId90", "styles", "styles.xml"), ("rId91", "sharedStrings", "sharedStrings.xml")]
    strings = "".join(f"<si>{text if text.startswith('<') else f'<t>{text}</t>'}</si>" for text in shared)
    fills = "".join(
        f'<fill><patternFill patternType="solid">{fill}</patternFill></fill>'
        if fill and fill.startswith("<")
        else f'<fill><patternFill patternType="{fill or "none"}"/></fill>'
        for fill in _FILLS
    )
    formats = "".join(f'<xf numFmtId="0" fontId="0" fillId="{n}" borderId="0"/>' for n in (0, 2, 3))
    kinds = {"workbook": "sheet.main", "styles": "styles", "sharedStrings": "sharedStrings"}
    kinds |= {f"worksheets/sheet{n}": "worksheet" for n in range(1, len(sheets) + 1)}
    members = {
        "[Content_Types].xml": content_types(
            {f"/xl/{part}.xml": f"{_TYPE}.{kind}+xml" for part, kind in kinds.items()}
        ),
        "_rels/.rels": relationships(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relationships(*links),
        **{f"xl/worksheets/sheet{n}.xml": text for n, text in enumerate(sheets.values(), 1)},
        "xl/styles.xml": (
            f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="4">{fills}</fills>'
            f'<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
            f'<cellXfs count="3">{formats}</cellXfs>'
            '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
        ),
        "xl/sharedStrings.xml": f'<sst xmlns="{MAIN}">{strings}</sst>',
    }
    return package(members)


def sample() -> bytes:
    """A table as Translator++ writes it, and a sheet of items."""
    shared = ["Original Text", "Initial", "Machine translation", "舟が来たよ。", "「乗るかい？」", "銀の櫂", "月の石"]
    shared += ["Better translation", "Best translation", "名前", "説明", "川を渡るのに要る。", "夜だけ光る。"]
    table: list[list[CellValue]] = [
        ["Original Text", "Initial", "Machine translation", "Better translation", "Best translation"],
        ["舟が来たよ。"],
        ["「乗るかい？」", None, "“Getting in?”"],
        [r"\C[2]銀の櫂\C[0]を手に入れた！"],
    ]
    items: list[list[CellValue]] = [["名前", "説明"], ["銀の櫂", "川を渡るのに要る。"], ["月の石", "夜だけ光る。"]]
    return workbook({"Map001": sheet(table, shared), "Items": sheet(items, shared)}, shared)


def wolf() -> bytes:
    """A table as WOLF's translation tool writes it: rows on grey are not for translation."""
    rows: list[list[CellValue]] = [
        ["Code", "Flag", "Type", "Info", "Extra", "Original", "Translation"],
        ["1", 0, "Message", "Map001", None, "ここは渡し場だ。", None],
        ["2", 0, "Name", "Map001", None, "watashiba.png", None],
        ["3", 0, "Key", "DB", None, "触れるな", None],
    ]
    styles = {"F2": 1, "G2": 1, "F3": 1, "F4": 2, "G4": 2}
    return workbook({"Text": sheet(rows, (), styles)})


def odd() -> bytes:
    """Rich and read-aloud shared strings, formulas, escapes, short rows, numbers, a hidden sheet."""
    rich = '<r><rPr><b/></rPr><t>太字</t></r><r><t xml:space="preserve"> と普通</t></r>'
    reading = '<t>漢字</t><rPh sb="0" eb="2"><t>カンジ</t></rPh>'
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>key</t></is></c><c r="B1" t="inlineStr"><is><t>ja</t></is></c>'
        '<c r="C1" t="inlineStr"><is><t>en</t></is></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t>greet</t></is></c><c r="B2" t="s"><v>0</v></c>'
        '<c r="D2"><v>7</v></c></row>'
        '<row r="3"><c r="B3" t="s"><v>1</v></c><c r="C3" t="inlineStr"><is><t>Kanji</t></is></c></row>'
        '<row r="4"><c r="B4" t="inlineStr"><is><t xml:space="preserve">二行の_x000D_\n文字</t></is></c>'
        '<c r="C4"/></row>'
        '<row r="5"><c r="B5" t="str"><f>A2&amp;"！"</f><v>greet！</v></c></row>'
        '<row r="6"><c r="B6" t="s"><v>1</v></c><c r="C6" t="str"><f>A1</f><v>key</v></c></row>'
        '<row r="7"><c t="inlineStr"><is><t>bye</t></is></c><c t="s"><v>2</v></c></row>'
    )
    made = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    hidden = sheet([["隠れた文字"]], ())
    return workbook({"Texts": made, "Old": hidden}, [rich, reading, "さようなら"], hidden=["Old"])


if __name__ == "__main__":
    root = Path(__file__).resolve().parents[2]
    for path, made in (
        (root / "samples/xlsx/tsuki_no_watashiba.xlsx", sample()),
        (root / "tests/contract/fixtures/xlsx/wolf.xlsx", wolf()),
        (root / "tests/contract/fixtures/xlsx/odd.xlsx", odd()),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made)
