//! Reads a PDF as a printer would: where each glyph stands and how large it is.

use lopdf::content::{Content, Operation};
use lopdf::{Document, Object};

/// A glyph on a page, in points from the lower left corner.
#[derive(Debug, Clone)]
pub(crate) struct Glyph {
    /// Left edge.
    pub(crate) x: f64,
    /// Baseline.
    pub(crate) y: f64,
    /// Size of the font as printed.
    pub(crate) size: f64,
    /// Advance as printed, without spacing.
    pub(crate) width: f64,
}

/// Glyphs on one baseline.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// From left to right.
    pub(crate) glyphs: Vec<Glyph>,
}

impl Line {
    /// Left edge of the first glyph.
    pub(crate) fn left(&self) -> f64 {
        self.glyphs[0].x
    }

    /// Right edge of the last glyph.
    pub(crate) fn right(&self) -> f64 {
        let last = &self.glyphs[self.glyphs.len() - 1];
        last.x + last.width
    }

    /// Top of the characters' squares: Chinese characters stand 0.88 above and 0.12 below the baseline.
    pub(crate) fn top(&self) -> f64 {
        self.glyphs[0].y + 0.88 * self.glyphs[0].size
    }

    /// Foot of the characters' squares.
    pub(crate) fn bottom(&self) -> f64 {
        self.glyphs[0].y - 0.12 * self.glyphs[0].size
    }
}

/// A page.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    /// In points.
    pub(crate) width: f64,
    /// In points.
    pub(crate) height: f64,
    /// From top to bottom.
    pub(crate) lines: Vec<Line>,
}

impl Page {
    /// The lines of the text area: all but the page number.
    pub(crate) fn body_lines(&self) -> Vec<&Line> {
        let count = self.lines.len();
        self.lines.iter().take(count - 1).collect()
    }

    /// The line of the page number.
    pub(crate) fn folio(&self) -> &Line {
        &self.lines[self.lines.len() - 1]
    }

    /// Moves everything, as a wrong margin would.
    pub(crate) fn shift(&mut self, right: f64, up: f64) {
        for glyph in self.lines.iter_mut().flat_map(|line| &mut line.glyphs) {
            glyph.x += right;
            glyph.y += up;
        }
    }

    /// Takes a line away.
    pub(crate) fn drop_line(&mut self, index: usize) {
        self.lines.remove(index);
    }
}

type Matrix = [f64; 6];

/// The matrix that does `first`, then `then`.
fn times(first: Matrix, then: Matrix) -> Matrix {
    [
        first[0] * then[0] + first[1] * then[2],
        first[0] * then[1] + first[1] * then[3],
        first[2] * then[0] + first[3] * then[2],
        first[2] * then[1] + first[3] * then[3],
        first[4] * then[0] + first[5] * then[2] + then[4],
        first[4] * then[1] + first[5] * then[3] + then[5],
    ]
}

const UNIT: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

fn number(object: &Object) -> f64 {
    object.as_float().map_or_else(|_| 0.0, f64::from)
}

fn matrix(operands: &[Object]) -> Matrix {
    let mut all = UNIT;
    for (slot, operand) in all.iter_mut().zip(operands) {
        *slot = number(operand);
    }
    all
}

/// The pages of a PDF.
pub(crate) fn pages(bytes: &[u8]) -> Vec<Page> {
    let document = Document::load_mem(bytes).unwrap();
    document
        .get_pages()
        .into_values()
        .map(|id| {
            let media = document.get_dictionary(id).unwrap().get(b"MediaBox").unwrap();
            let area = media.as_array().unwrap();
            let content = Content::decode(&document.get_page_content(id)).unwrap();
            let fonts = document.get_page_fonts(id).unwrap();
            let widths = |name: &[u8], glyph: u16| {
                fonts
                    .get(name)
                    .map_or(1000.0, |font| advance(&document, font, glyph))
            };
            Page {
                width: number(&area[2]),
                height: number(&area[3]),
                lines: lines(read(&content.operations, &widths)),
            }
        })
        .collect()
}

/// The advance of a glyph in thousandths, from the `W` array of a composite font.
fn advance(document: &Document, font: &lopdf::Dictionary, glyph: u16) -> f64 {
    let follow = |object: &Object| {
        document
            .dereference(object)
            .map(|(_, object)| object.clone())
            .unwrap()
    };
    let Ok(descendants) = font.get(b"DescendantFonts") else {
        return 1000.0;
    };
    let descendants = follow(descendants);
    let inner = follow(&descendants.as_array().unwrap()[0]);
    let inner = inner.as_dict().unwrap();
    let default = inner.get(b"DW").map_or(1000.0, number);
    let Ok(list) = inner.get(b"W") else { return default };
    let list = follow(list);
    let mut items = list.as_array().unwrap().iter();
    while let Some(first) = items.next() {
        let start = first.as_i64().unwrap();
        let Some(next) = items.next() else { break };
        let glyph = i64::from(glyph);
        if let Ok(each) = next.as_array() {
            if let Some(width) = usize::try_from(glyph - start).ok().and_then(|at| each.get(at)) {
                return number(width);
            }
        } else if let (Ok(end), Some(width)) = (next.as_i64(), items.next())
            && (start..=end).contains(&glyph)
        {
            return number(width);
        }
    }
    default
}

struct Text {
    ctm: Matrix,
    matrix: Matrix,
    line: Matrix,
    font: Vec<u8>,
    size: f64,
    spacing: f64,
}

fn read(operations: &[Operation], widths: &dyn Fn(&[u8], u16) -> f64) -> Vec<Glyph> {
    let mut text = Text {
        ctm: UNIT,
        matrix: UNIT,
        line: UNIT,
        font: Vec::new(),
        size: 1.0,
        spacing: 0.0,
    };
    let mut saved = Vec::new();
    let mut glyphs = Vec::new();
    for operation in operations {
        let operands = &operation.operands;
        match operation.operator.as_str() {
            "q" => saved.push(text.ctm),
            "Q" => text.ctm = saved.pop().unwrap(),
            "cm" => text.ctm = times(matrix(operands), text.ctm),
            "BT" => (text.matrix, text.line) = (UNIT, UNIT),
            "Tm" => (text.matrix, text.line) = (matrix(operands), matrix(operands)),
            "Td" => {
                let moved = [1.0, 0.0, 0.0, 1.0, number(&operands[0]), number(&operands[1])];
                text.line = times(moved, text.line);
                text.matrix = text.line;
            }
            "Tf" => {
                operands[0].as_name().unwrap().clone_into(&mut text.font);
                text.size = number(&operands[1]);
            }
            "Tc" => text.spacing = number(&operands[0]),
            "Tj" => show(&mut text, &operands[0], widths, &mut glyphs),
            "TJ" => {
                for part in operands[0].as_array().unwrap() {
                    show(&mut text, part, widths, &mut glyphs);
                }
            }
            _ => {}
        }
    }
    glyphs
}

fn show(text: &mut Text, part: &Object, widths: &dyn Fn(&[u8], u16) -> f64, glyphs: &mut Vec<Glyph>) {
    let go = |text: &mut Text, by: f64| text.matrix = times([1.0, 0.0, 0.0, 1.0, by, 0.0], text.matrix);
    let Ok(codes) = part.as_str() else {
        let by = -number(part) / 1000.0 * text.size;
        go(text, by);
        return;
    };
    for code in codes.chunks(2) {
        let glyph = u16::from_be_bytes([code[0], code[1]]);
        let advance = widths(&text.font, glyph) / 1000.0 * text.size;
        let at = times(text.matrix, text.ctm);
        let scale = at[3].abs();
        glyphs.push(Glyph {
            x: at[4],
            y: at[5],
            size: text.size * scale,
            width: advance * at[0].abs(),
        });
        let by = advance + text.spacing;
        go(text, by);
    }
}

/// Puts glyphs into lines by their baselines.
fn lines(mut glyphs: Vec<Glyph>) -> Vec<Line> {
    glyphs.sort_by(|a, b| b.y.total_cmp(&a.y).then(a.x.total_cmp(&b.x)));
    let mut lines: Vec<Line> = Vec::new();
    for glyph in glyphs {
        match lines.last_mut() {
            Some(line) if (line.glyphs[0].y - glyph.y).abs() < 0.5 => line.glyphs.push(glyph),
            _ => lines.push(Line { glyphs: vec![glyph] }),
        }
    }
    for line in &mut lines {
        line.glyphs.sort_by(|a, b| a.x.total_cmp(&b.x));
    }
    lines
}
