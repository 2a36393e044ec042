"""La mise en relation: qui demande, et qui a vraiment progressé, par des comptes exacts."""

import datetime
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicateurs.arithmetique import Progres, progres, rang
from indicateurs.models import Definition, Saisie
from organisations.horloge import maintenant
from organisations.models import Organisation
from tests import fabrique as f
from tests.collaboration import demande, fiche
from tests.indicateurs.espace import Page

pytestmark = pytest.mark.django_db
CODES = ("2022-T1", "2022-T2", "2022-T3", "2022-T4", "2023-T1")


@pytest.fixture
def papier(horloge):
    return f.indicateur("papier", denominateur_minimal=10)


def progresser(sigle: str, papier, *parts: tuple[int, int], codes=CODES) -> Organisation:
    """Une organisation et ses comptes validés, un par trimestre."""
    organisation = f.organisation(sigle)
    for code, compte in zip(codes, parts, strict=False):
        f.validee(organisation, f.trimestre(code), {papier: compte})
    return organisation


def page(admin, code: str = "papier"):
    return admin.get(reverse("admin:indicateurs_demandeaccompagnement_relation", args=[code]))


def lignes(admin) -> list[tuple[str, str]]:
    return [(ligne.organisation.sigle, ligne.gain) for ligne in page(admin).context["progres"]]


def test_le_progres_va_du_premier_au_dernier_des_quatre_derniers_trimestres():
    serie = [(rang(code), Fraction(n, 9)) for n, code in enumerate(CODES)]
    assert progres(serie) == Progres(rang("2022-T2"), rang("2023-T1"), Fraction(1, 9), Fraction(4, 9))
    assert progres(serie).gain == Fraction(1, 3)
    assert progres(serie[:2]).gain == Fraction(1, 9)
    assert progres(serie[:1]) is progres([]) is None


def test_les_organisations_se_rangent_par_points_gagnes_sans_arrondi(admin, papier):
    progresser("A", papier, (0, 99), (0, 30), (1, 30), (2, 30), (10, 30))  # un tiers, du 2e trimestre au dernier
    progresser("B", papier, (0, 99), (0, 1000), (0, 99), (0, 99), (334, 1000))
    progresser("RECULE", papier, (5, 10), (4, 10))
    progresser("STABLE", papier, (5, 10), (5, 10))
    progresser("SEULE", papier, (5, 10))

    assert lignes(admin) == [("B", "33,4\xa0points"), ("A", "33,3\xa0points")]
    assert "du 2e trimestre de 2022 au 1er trimestre de 2023" in Page(page(admin)).texte
    assert "0\xa0% → 33,4\xa0%" in Page(page(admin)).texte


def test_un_petit_denominateur_une_absence_et_un_chiffre_pas_encore_accepte_ne_comptent_pas(admin, papier):
    progresser("PETITE", papier, (0, 9), (9, 9))
    vide = progresser("VIDE", papier, (0, 0), (10, 10))
    f.validee(vide, f.trimestre("2023-T1"), {papier: Saisie(absence="SANS_OBJET")})
    attend = progresser("ATTEND", papier, (1, 10))
    f.transmise(attend, f.trimestre("2023-T1"), {papier: (9, 10)})
    assert lignes(admin) == []


def test_ni_une_rupture_ni_un_vieux_progres_ni_une_organisation_finie_ne_comptent(admin, papier):
    progresser("VIEILLE", papier, (0, 10), (10, 10), codes=("2020-T1", "2020-T2"))
    progresser("ROMPUE", papier, (0, 10), (9, 10), (9, 10))
    progresser("SUITE", papier, (1, 10), (1, 10), (2, 10), (3, 10))
    finie = progresser("FINIE", papier, (0, 10), (9, 10))
    finie.assujettie_au = datetime.date(2023, 1, 1)
    finie.save()
    Definition.objects.create(
        indicateur=papier, applicable_du="2022-04-15", texte="Autrement.", rupture=True, explication="Plus large."
    )
    assert lignes(admin) == [("SUITE", "20,0\xa0points")]


def test_une_rupture_a_venir_ne_vide_pas_la_page(admin, papier):
    progresser("A", papier, (1, 10), (2, 10))
    Definition.objects.create(
        indicateur=papier, applicable_du="2024-01-01", texte="Autrement.", rupture=True, explication="Plus large."
    )
    assert lignes(admin) == [("A", "10,0\xa0points")]


def test_un_contact_n_ajoute_pas_de_destinataire_et_les_tableaux_qui_defilent_ont_un_nom(admin, papier, cqen):
    acceptee = fiche(f.organisation(), papier, contact="a?bcc=autre@exemple.test")
    acceptee.soumettre(par=acceptee.cree_par, le=maintenant())
    acceptee.valider(par=cqen, le=maintenant())
    lue = page(admin)

    assert "mailto:a%3Fbcc%3Dautre@exemple.test" in Page(lue).ancres
    assert lue.content.count(b'role="region" tabindex="0" aria-label=') == 2


def test_une_correction_acceptee_remplace_l_ancien_chiffre(admin, papier):
    ici = progresser("A", papier, (1, 10), (9, 10))
    f.corrigee(ici.soumissions.get(trimestre__code="2022-T2"), {papier: (2, 10)}, f.instant("2023-05-01"))
    assert lignes(admin) == [("A", "10,0\xa0points")]


def test_chaque_cote_a_ses_demandes_ouvertes_et_ses_fiches_acceptees(admin, papier, cqen):
    avance = progresser("AVANCE", papier, (1, 10), (9, 10))
    stable, autre = f.organisation("STABLE"), f.indicateur("autre")
    for organisation, titre in ((avance, "De qui avance"), (stable, "De qui est stable")):
        acceptee = fiche(organisation, papier, titre=titre)
        acceptee.soumettre(par=acceptee.cree_par, le=maintenant())
        acceptee.valider(par=cqen, le=maintenant())
    fiche(avance, papier, titre="Pas encore transmise")
    ouverte = demande(stable, papier, objet="Nous aider")
    demande(stable, autre, objet="Ailleurs")
    demande(stable, papier, objet="Finie").clore(par=cqen, le=maintenant())

    contexte, texte = page(admin).context, Page(page(admin)).texte
    assert [une for une, _ in contexte["demandes"]] == [ouverte]
    assert [[une.titre for une in ligne.fiches] for ligne in contexte["progres"]] == [["De qui avance"]]
    assert [une.titre for une in contexte["autres_fiches"]] == ["De qui est stable"]
    assert not any(mot in texte for mot in ("Pas encore transmise", "Ailleurs", "Finie"))
    fil = reverse("admin:indicateurs_demandeaccompagnement_change", args=[ouverte.pk])
    assert page(admin).request["PATH_INFO"] in Page(admin.get(fil)).ancres
    assert fil in Page(page(admin)).ancres


def test_la_page_fait_autant_de_requetes_quoi_qu_il_y_ait(admin, papier):
    def requetes() -> int:
        with CaptureQueriesContext(connection) as faites:
            assert page(admin).status_code == 200
        return len(faites)

    progresser("A", papier, (1, 10), (2, 10))
    demande(f.organisation(), papier)
    requetes()
    avant = requetes()
    for numero in range(5):
        organisation = progresser(f"ORG-{numero}", papier, (1, 10), (3 + numero, 10))
        fiche(organisation, papier, titre=f"Fiche {numero}")
        demande(organisation, papier, objet=f"Demande {numero}")
    assert requetes() == avant <= 15


def test_un_indicateur_inconnu_est_une_page_introuvable(admin, papier):
    assert page(admin, "inconnu").status_code == 404
    adresse = reverse("admin:indicateurs_demandeaccompagnement_relation", args=["papier"])
    assert admin.post(adresse).status_code == 405
