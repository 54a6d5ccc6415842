"""The two places, their organizations, and the accounts that a newcomer may use."""

from dataclasses import dataclass

from stdnum.cn.uscc import calc_check_digit

from core.demo import PASSWORD
from core.language import mark
from core.manifest import DemoAccount


def _account(number: int, name: str, role: str) -> DemoAccount:
    return DemoAccount(phone=f"1380000{number}", password=PASSWORD, name=name, role=role)


APPLICANT = _account(1000, "申样舟", mark("罗江区一个社会组织的负责人：申报项目"))
OFFICER = _account(1001, "任样中", mark("罗江区支持中心：办理公益创投"))
PAYER = _account(1002, "傅样银", mark("罗江区支持中心付款经办人"))
EXPERTS = tuple(
    _account(number, name, mark("公益创投评审专家"))
    for number, name in ((1003, "柏样评"), (1004, "童样审"), (1005, "纪样公"))
)
DISTRICT = _account(1006, "罗样江", mark("罗江区工作人员：审核组织登记"))
STREET_OFFICER = _account(1007, "房样联", mark("雒城街道五社联动中心：办理微项目"))
STREET_PAYER = _account(1008, "雷样会", mark("雒城街道五社联动中心付款经办人"))
ACCOUNTS = (APPLICANT, OFFICER, PAYER, *EXPERTS, DISTRICT, STREET_OFFICER, STREET_PAYER)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where calls are made: its regions from above, who gives the money, and who applies.

    `staff` reviews what organizations register in the region of `staff_level`; `applicant` acts for the first
    of `projects`, invented people for the others.
    """

    regions: tuple[tuple[str, str, str | None], ...]
    centre: str
    officer: DemoAccount
    payer: DemoAccount
    # (organization, project): invented.
    projects: tuple[tuple[str, str], ...]
    kind: str
    district_code: str
    applicant: DemoAccount | None = None
    staff: DemoAccount | None = None
    staff_level: int = 3

    def registration(self, name: str, number: int) -> tuple[str, str | None]:
        """Kind and an invented code with a right check digit; community groups need none."""
        if self.kind == "community_group":
            return self.kind, None
        return (
            ("association", self._code("51", number))
            if name.endswith("会")
            else (self.kind, self._code("52", number))
        )

    @property
    def centre_uscc(self) -> str:
        """The code of the centre, which is no community group."""
        return self._code("52", 0)

    def _code(self, prefix: str, number: int) -> str:
        code = f"{prefix}{self.district_code}MJY{number:06}"
        return code + str(calc_check_digit(code))


LUOJIANG = Place(
    regions=(
        ("四川省", "province", "510000"),
        ("德阳市", "city", "510600"),
        ("罗江区", "county", "510604"),
        ("万安镇", "street", None),
    ),
    centre="罗江区城乡社区创新发展支持中心",
    officer=OFFICER,
    payer=PAYER,
    applicant=APPLICANT,
    staff=DISTRICT,
    kind="service_agency",
    district_code="510604",
    projects=(
        ("样样乐社会工作服务中心", "银龄日间照料站"),
        ("样禾助老服务中心", "独居老人一键敲门"),
        ("样苗儿童成长中心", "四点半课堂"),
        ("样桥残障支持中心", "无障碍出行伙伴"),
        ("样绿环境服务中心", "垃圾分类到楼栋"),
        ("样书阅读推广中心", "乡村流动书箱"),
        ("样心心理服务中心", "邻里解忧站"),
        ("样田乡村发展中心", "村口小菜摊"),
        ("样艺文化服务中心", "川剧进院坝"),
        ("样康健康促进会", "慢病互助小组"),
        ("样安应急互助会", "院落消防小教官"),
        ("样暖志愿服务协会", "老旧小区微维修"),
        ("样法公益法律服务中心", "社区调解工作坊"),
        ("样青青少年服务中心", "暑期河道守护队"),
        ("样厨社区食堂服务中心", "老年助餐点"),
        ("样织妇女创业服务中心", "巧手工坊"),
        ("样星孤独症支持中心", "星星的周末"),
        ("样邻社区营造中心", "楼道会客厅"),
        ("样河流域保护中心", "凯江清滩日"),
        ("样声视障服务中心", "听见电影"),
        ("样归退役军人服务中心", "老兵讲堂"),
        ("样光摄影公益社", "百家全家福"),
        ("样茶文化研究会", "茶馆议事厅"),
        ("样动体育服务中心", "坝坝健身课"),
    ),
)
LUOCHENG = Place(
    regions=(
        ("四川省", "province", "510000"),
        ("德阳市", "city", "510600"),
        ("广汉市", "county", "510681"),
        ("雒城街道", "street", None),
    ),
    centre="雒城街道五社联动中心 (样例)",
    officer=STREET_OFFICER,
    payer=STREET_PAYER,
    kind="community_group",
    district_code="510681",
    projects=(
        ("样例双语读书会", "周末双语读书会"),
        ("样例楼栋长之家", "楼栋议事小板凳"),
        ("样例银发理发队", "上门理发日"),
        ("样例广场舞联盟", "音量公约行动"),
        ("样例护学岗", "放学路护学岗"),
        ("样例旧物循环社", "旧衣换新生"),
        ("样例阳台菜园社", "阳台种菜课"),
        ("样例小区摄影社", "老街影像墙"),
        ("样例妈妈互助社", "新手妈妈茶话会"),
        ("样例电工互助组", "一盏楼道灯"),
        ("样例文明养宠社", "遛狗牵绳公约"),
        ("样例棋牌社", "象棋进院落"),
    ),
)
