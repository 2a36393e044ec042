"""Des gestes qui se croisent ne font jamais deux fois la même chose, et une édition n'oublie pas ce qui finissait."""

import datetime
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction

from barometre import depot
from barometre.models import Edition, PublicationRefusee, edition
from indicateurs.models import EvenementSoumission, Prolongation, Soumission
from organisations.declencheurs import lever
from organisations.models import TransitionInterdite
from tests import fabrique as f

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

FILS = 12
TOURS = 40
LE = f.instant("2023-05-01")
ARRET = f.instant("2023-06-01")


def a_la_fois(gestes: list[Callable[[], object]]) -> list[object]:
    """Chaque geste dans son fil et sa connexion, tous lâchés ensemble; rend les résultats ou les exceptions."""
    depart = threading.Barrier(len(gestes), timeout=20)

    def lancer(geste):
        try:
            connection.ensure_connection()
            depart.wait()
            return geste()
        except Exception as erreur:
            return erreur
        finally:
            connection.close()

    with ThreadPoolExecutor(len(gestes)) as fils:
        return list(fils.map(lancer, gestes))


def valider_tous_ensemble(soumission: Soumission, relecteurs) -> tuple[Counter, int]:
    """Douze personnes valident au même instant: ce que chacune reçoit, et les validations au journal."""
    exemplaires = [Soumission.objects.get(pk=soumission.pk) for _ in relecteurs]
    rendez_vous = threading.Barrier(FILS, timeout=20)
    for exemplaire in exemplaires:
        exemplaire.rendez_vous = rendez_vous  # seul le verbe sans verrou s'y arrête
    reponses = a_la_fois(
        [lambda s=s, qui=qui: s.valider(par=qui, le=LE) for s, qui in zip(exemplaires, relecteurs, strict=True)]
    )
    validations = EvenementSoumission.objects.filter(dossier=soumission, vers="VALIDE").count()
    return Counter(type(reponse) for reponse in reponses), validations


def a_relire(papier) -> Soumission:
    return f.transmise(f.organisation(), f.trimestre(), {papier: (1, 2)}, LE)


def sans_verrou(monkeypatch) -> None:
    """Le verbe relit la ligne sans la retenir, et tous l'ont relue avant que le premier n'écrive."""

    def relire(self) -> str:
        self.refresh_from_db()
        if hasattr(self, "rendez_vous"):
            self.rendez_vous.wait()
        return self.statut

    monkeypatch.setattr(Soumission, "_relire_sous_verrou", relire)


@contextmanager
def sans_contrainte():
    """La base laisse passer deux validations d'une même version, le temps du bloc."""
    [unique] = [c for c in EvenementSoumission._meta.constraints if c.name.endswith("accepte_une_fois")]
    lever(connection, f.TOUS_LES_DECLENCHEURS)
    with connection.schema_editor() as editeur:
        editeur.remove_constraint(EvenementSoumission, unique)
    try:
        yield
    finally:
        EvenementSoumission.objects.all().delete()
        with connection.schema_editor() as editeur:
            editeur.add_constraint(EvenementSoumission, unique)


# --- valider ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("protection", ["les_deux", "la_contrainte_seule", "le_verrou_seul"])
def test_douze_validations_simultanees_n_en_font_qu_une(monkeypatch, protection):
    papier, relecteurs = f.indicateur(), [f.relecteur() for _ in range(FILS)]
    tours = TOURS if protection == "les_deux" else 5
    soumissions = [a_relire(papier) for _ in range(tours)]
    if protection == "la_contrainte_seule":
        sans_verrou(monkeypatch)

    def eprouver() -> None:
        for soumission in soumissions:
            reponses, validations = valider_tous_ensemble(soumission, relecteurs)
            assert reponses == {type(None): 1, TransitionInterdite: FILS - 1}
            assert validations == 1

    if protection == "le_verrou_seul":
        with sans_contrainte():
            eprouver()
    else:
        eprouver()


def test_sans_verrou_ni_contrainte_l_epreuve_voit_bien_des_doublons(monkeypatch):
    papier, relecteurs = f.indicateur(), [f.relecteur() for _ in range(FILS)]
    soumissions = [a_relire(papier) for _ in range(10)]
    sans_verrou(monkeypatch)
    with sans_contrainte():
        doublons = [valider_tous_ensemble(soumission, relecteurs)[1] > 1 for soumission in soumissions]

    assert sum(doublons) > 0.9 * len(soumissions)


def test_douze_corrections_simultanees_n_ouvrent_qu_une_version():
    papier = f.indicateur()
    for _ in range(5):
        validee = f.validee(f.organisation(), f.trimestre(), {papier: (1, 2)}, LE)
        exemplaires = [Soumission.objects.get(pk=validee.pk) for _ in range(FILS)]
        reponses = a_la_fois([lambda s=s: s.corriger(par=s.cree_par, le=LE, motif="Erreur") for s in exemplaires])

        assert Counter(map(type, reponses)) == {Soumission: 1, TransitionInterdite: FILS - 1}
        assert validee._versions().count() == 2


# --- publier ---------------------------------------------------------------------------------------------------------


def test_douze_publications_simultanees_ne_font_qu_une_edition():
    papier, par = f.indicateur(), f.publieur()
    for numero in (1, 2, 3, 4):
        trimestre = f.trimestre(f"2022-T{numero}")
        f.validee(f.organisation(), trimestre, {papier: (1, 2)}, f.apres(trimestre))
        faits = {"trimestre": trimestre, "le": f.apres(trimestre, 60), "hors_calendrier": f.HORS_CALENDRIER}
        reponses = a_la_fois([lambda faits=faits: Edition.publier(par=par, **faits) for _ in range(FILS)])

        assert Counter(map(type, reponses)) == {Edition: 1, PublicationRefusee: FILS - 1}
        assert Edition.objects.filter(trimestre=trimestre).count() == 1
        assert depot.designee().code == trimestre.code
    assert f.problemes() == {f"2022-T{numero}": [] for numero in (1, 2, 3, 4)}


def test_des_correctifs_simultanes_s_enchainent_sans_se_croiser():
    f.organisation()
    f.indicateur()
    trimestre, par = f.trimestre(), f.publieur()
    instants = [ARRET + datetime.timedelta(seconds=s) for s in range(FILS)]
    faits = {"trimestre": trimestre, "note": "Correctif", "hors_calendrier": f.HORS_CALENDRIER}
    a_la_fois([lambda le=le: Edition.publier(par=par, le=le, **faits) for le in instants])

    publiees = list(Edition.objects.order_by("rang"))
    assert [e.rang for e in publiees] == [e.correctif + 1 for e in publiees] == list(range(1, len(publiees) + 1))
    assert [e.arretee_le for e in publiees] == sorted(e.arretee_le for e in publiees)
    assert not any(f.problemes().values())


# --- valider ou prolonger pendant qu'on publie -----------------------------------------------------------------------


class EnVol:
    """Un geste fait dans une transaction qu'on tient ouverte, dans son fil, jusqu'à `poser`."""

    def __init__(self, geste: Callable[[], object]) -> None:
        self.fait, self.lache, self.geste = threading.Event(), threading.Event(), geste
        self.fils = ThreadPoolExecutor(1)
        self.futur = self.fils.submit(self._voler)
        assert self.fait.wait(10)

    def _voler(self) -> None:
        try:
            with transaction.atomic():
                self.geste()
                self.fait.set()
                assert self.lache.wait(10)
        finally:
            self.fait.set()
            connection.close()

    def poser(self) -> None:
        self.lache.set()
        self.futur.result(10)
        self.fils.shutdown()


def en_attente(geste: Callable[[], object]):
    """Le geste, lancé dans son fil; et la preuve qu'il attend."""
    fils = ThreadPoolExecutor(1)
    futur = fils.submit(lambda: a_la_fois([geste])[0])
    fils.shutdown(wait=False)
    return futur, lambda: not threading.Event().wait(0.4) and not futur.done()


@pytest.fixture
def monde():
    papier, organisation, trimestre = f.indicateur("papier"), f.organisation("RAMQ"), f.trimestre("2023-T1")
    soumission = f.transmise(organisation, trimestre, {papier: (1, 2)}, LE)
    cqen, par = f.relecteur(), f.publieur()
    gestes = {
        "valider": lambda: soumission.valider(par=cqen, le=LE),
        "prolonger": lambda: Prolongation.objects.create(
            organisation=organisation,
            trimestre=trimestre,
            echeance_le=datetime.date(2024, 1, 1),
            motif="Inondation",
            accordee_par=cqen,
            accordee_le=LE,
        ),
    }
    faits = {"trimestre": trimestre, "le": ARRET, "hors_calendrier": f.HORS_CALENDRIER}
    return gestes, lambda: Edition.publier(par=par, **faits)


@pytest.mark.parametrize(("geste", "trace"), [("valider", b",VALEUR,1,2,"), ("prolonger", b",2024-01-01,")])
def test_une_publication_attend_la_fin_de_ce_qui_etait_commence_et_le_publie(monde, geste, trace):
    gestes, publier = monde
    vol = EnVol(gestes[geste])
    publication, attend = en_attente(publier)

    assert attend()
    vol.poser()
    assert isinstance(publication.result(10), Edition)
    assert trace in depot.lire("2023-T1", "valeurs.csv")
    assert f.problemes() == {"2023-T1": []}


@pytest.mark.parametrize("geste", ["valider", "prolonger"])
def test_ce_qui_commence_pendant_une_publication_l_attend_puis_est_refuse(monde, geste):
    gestes, publier = monde
    vol = EnVol(publier)
    tardif, attend = en_attente(gestes[geste])

    assert attend()
    vol.poser()
    assert isinstance(tardif.result(10), TransitionInterdite | IntegrityError)
    assert f.problemes() == {"2023-T1": []}


@pytest.mark.parametrize("geste", ["valider", "prolonger"])
def test_sans_verrou_du_registre_l_epreuve_voit_bien_une_edition_qui_oublie(monde, monkeypatch, geste):
    gestes, publier = monde
    monkeypatch.setattr(edition, "prendre_le_registre", lambda: None)
    vol = EnVol(gestes[geste])
    publication, attend = en_attente(publier)

    assert not attend()
    vol.poser()
    assert isinstance(publication.result(10), Edition)
    assert f.problemes()["2023-T1"]
