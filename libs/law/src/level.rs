//! The three scales, which never mix: the grade of an event, the level of a warning, the level of a response.

use std::fmt::Debug;

use serde::{Deserialize, Serialize};

/// A scale of four; the greater value is the graver.
pub trait Level: Copy + Ord + Debug + 'static {
    /// All levels, the gravest first.
    const ALL: &'static [Self];

    /// Gives the Chinese name, as packs write it.
    fn name(self) -> &'static str;

    /// Reads the Chinese name.
    fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|level| level.name() == name)
    }
}

/// Grades an event by the harm it did: 特别重大, 重大, 较大, 一般.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// 一般.
    Ordinary,
    /// 较大.
    Large,
    /// 重大.
    Major,
    /// 特别重大.
    Extraordinary,
}

impl Grade {
    /// Gives the place on the scale, 1 for 一般, for conditions such as `grade >= 较大`.
    pub fn rank(self) -> u8 {
        Self::ALL
            .iter()
            .rev()
            .zip(1..)
            .find(|(grade, _)| **grade == self)
            .map_or(0, |(_, rank)| rank)
    }
}

impl Level for Grade {
    const ALL: &'static [Self] = &[Self::Extraordinary, Self::Major, Self::Large, Self::Ordinary];

    fn name(self) -> &'static str {
        match self {
            Self::Extraordinary => "特别重大",
            Self::Major => "重大",
            Self::Large => "较大",
            Self::Ordinary => "一般",
        }
    }
}

/// Tells how urgent a warning is: 红, 橙, 黄, 蓝. It says nothing about the grade of the event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WarningLevel {
    /// 四级, 蓝色.
    Blue,
    /// 三级, 黄色.
    Yellow,
    /// 二级, 橙色.
    Orange,
    /// 一级, 红色.
    Red,
}

impl Level for WarningLevel {
    const ALL: &'static [Self] = &[Self::Red, Self::Orange, Self::Yellow, Self::Blue];

    fn name(self) -> &'static str {
        match self {
            Self::Red => "红色",
            Self::Orange => "橙色",
            Self::Yellow => "黄色",
            Self::Blue => "蓝色",
        }
    }
}

/// Tells how strongly a government responds: 一级 to 四级. It follows from plans, not from the grade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseLevel {
    /// 四级.
    Four,
    /// 三级.
    Three,
    /// 二级.
    Two,
    /// 一级.
    One,
}

impl Level for ResponseLevel {
    const ALL: &'static [Self] = &[Self::One, Self::Two, Self::Three, Self::Four];

    fn name(self) -> &'static str {
        match self {
            Self::One => "一级",
            Self::Two => "二级",
            Self::Three => "三级",
            Self::Four => "四级",
        }
    }
}
