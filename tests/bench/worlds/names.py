"""Invented names, the same for the same number."""

import random

_PLACES = "龙凤青竹罗江雒城旌德玉泉望江锦绣和平光明幸福东湖南山西桥北苑石门白云翠屏文昌永安新华"
_WHOSE = ("社区", "街道", "小区", "村", "片区", "花园", "新区")
_WHAT = (
    "社会工作服务中心", "志愿者协会", "社区基金会", "合唱队", "养老服务中心", "助残中心", "环保协会",
    "邻里互助会",
)  # fmt: skip
# The frequent come first and are drawn more often, as in life: 王 is one of thirteen.
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚"
    "沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常"
)
_GIVEN = (
    "伟芳娜敏静秀丽强磊洋艳勇军杰娟涛明超霞平刚桂英华玉兰红建国文辉力志鹏飞宇浩然子涵梓轩欣怡雨佳琪思远嘉慧博"
    "晓梅春燕海波云峰小东晨阳雪琴淑珍凤仙桃荷莲菊德福寿康永庆安宁和顺天成大山江河湖光林森岩松柏青竹冬秋月星"
)
_WEIGHTS = [1 / (8 + n) for n in range(len(_SURNAMES))]


def organization(number: int) -> str:
    """Nine to sixteen characters; many share their parts."""
    chance = random.Random(number)
    return "".join(chance.sample(_PLACES, 3)) + chance.choice(_WHOSE) + chance.choice(_WHAT)


def person(number: int) -> str:
    """Two or, mostly, three characters."""
    chance = random.Random(number)
    (surname,) = chance.choices(_SURNAMES, _WEIGHTS)
    return surname + "".join(chance.choice(_GIVEN) for _ in range(chance.choice((1, 2, 2, 2))))


def phone(number: int) -> str:
    """Eleven digits, one number each."""
    return f"139{number * 7919 % 10**8:08d}"
