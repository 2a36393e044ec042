"""Le monde d'exemple tient ce qu'il promet: plausible, complet, répétable, et jamais mêlé à de vraies données."""

import datetime
import json
from collections import Counter
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.core.management.base import CommandError

from barometre import depot, formats
from barometre.exemple import chargement, recit
from barometre.exemple.comptes import DECLARANTE, EDITRICE, MOT_DE_PASSE, PILOTE, RELECTRICE
from barometre.models import Edition, Parution
from barometre.models.calendrier import PREAVIS
from barometre.parcours import parcourir
from barometre.verification import verifier_toutes
from indicateurs.arithmetique import Etat, Verdict
from indicateurs.models import (
    Cible,
    Definition,
    DemandeAccompagnement,
    EvenementSoumission,
    FicheExpertise,
    Indicateur,
    Soumission,
    Valeur,
)
from organisations.models import Organisation, PlanTransformation, Role, Statut, Utilisateur
from tests import fabrique as f

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("exemple")]

FIN_DU_DERNIER = datetime.date(2023, 3, 31)
# L'empreinte enchaînée de la dernière édition: la même partout. Changer l'exemple la change, et c'est voulu.
EMPREINTE = "991debcf87e46d90f1bda66b90653ed9803db97df1590e4c4e2f35c14ae6a071"


def charger(**options) -> str:
    sortie = StringIO()
    call_command("charger_exemple", stdout=sortie, stderr=StringIO(), **options)
    return sortie.getvalue()


class TestLeMonde:
    @pytest.fixture(autouse=True)
    def _edition(self, exemple, lieu_propre, settings, db):
        settings.MEDIA_ROOT = exemple
        self.edition = Edition.objects.derniere()

    def cases(self):
        return formats.lire_cases(depot.lire(self.edition.code, "valeurs.csv"))

    def test_soixante_organisations_doivent_declarer_et_cinquante_quatre_l_ont_fait(self):
        assert Organisation.objects.attendues(FIN_DU_DERNIER).count() == 60
        assert len({case.sigle for case in self.cases() if case.trimestre == "2023-T1"}) == 60
        assert {s.dernier.comptes.repondantes for s in self.edition.series().values()} == {54}

    def test_une_cible_est_en_retard_et_l_autre_en_voie(self):
        series = {code: serie for (code, _), serie in self.edition.series().items()}
        assert series["sans-papier"].dernier.texte == "61,4\xa0%"
        assert series["sans-papier"].dernier.verdict == Verdict.EN_RETARD
        assert series["donnees-ouvertes"].dernier.texte == "55,1\xa0%"
        assert series["donnees-ouvertes"].dernier.verdict == Verdict.EN_VOIE
        assert all(serie.projection.rang for code, serie in series.items() if not code.startswith("formation"))

    def test_aucune_cible_n_est_inventee_pour_la_formation(self):
        nationales = Cible.objects.filter(organisation=None, trimestre__code="2023-T4")
        assert set(nationales.values_list("indicateur__code", "pourcentage")) == {
            ("sans-papier", 75),
            ("donnees-ouvertes", 60),
        }
        assert not Cible.objects.filter(indicateur__code__startswith="formation").exists()
        assert Cible.objects.exclude(organisation=None).values("organisation").distinct().count() == 2

    def test_tous_les_statuts_y_sont(self):
        for modele in (Soumission, PlanTransformation):
            assert set(modele.objects.values_list("statut", flat=True)) == set(Statut)
        assert (
            PlanTransformation.objects.exclude(statut=Statut.REMPLACE).values("organisation").distinct().count() == 20
        )
        assert set(FicheExpertise.objects.values_list("statut", flat=True)) == set(Statut) - {Statut.REMPLACE}
        assert {demande.etat for demande in DemandeAccompagnement.objects.all()} == {"Nouvelle", "En cours", "Close"}

    def test_tous_les_etats_d_une_case_y_sont(self):
        dernieres = [case for case in self.cases() if case.trimestre == "2023-T1"]
        assert {case.etat for case in dernieres} == set(Etat)
        assert any(case.denominateur == 0 for case in dernieres)
        assert any(case.note for case in dernieres)
        assert all(case.motif for case in dernieres if case.etat == Etat.NON_DISPONIBLE)

    def test_des_organisations_ont_atteint_leur_cible_d_autres_non_d_autres_sont_trop_petites_pour_juger(self):
        series = (parcourir(self.edition, sigle).series["sans-papier"] for sigle in self.edition.attendues)
        verdicts = Counter(serie.dernier.verdict for serie in series)
        assert set(verdicts) == set(Verdict)
        assert any(
            chiffre.verdict == Verdict.NON_JUGEABLE and 0 < chiffre.comptes.denominateur < 10
            for chiffre in (parcourir(self.edition, s).series["sans-papier"].dernier for s in ("CEST", "RMAAQ", "CTOP"))
        )

    def test_une_fusion_un_changement_de_nom_et_une_arrivee_se_lisent_dans_l_edition(self):
        par_sigle = self.edition.organisations
        assert par_sigle["ITQ"]["remplacee_par"] == "MCN"
        assert par_sigle["RDL"]["remplacee_par"] == "TAL"
        assert par_sigle["MLF"]["assujettie_du"] == "2022-06-01"
        trimestres = {s: [c.trimestre for c in self.cases() if c.sigle == s] for s in ("ITQ", "MCN", "RDL", "TAL")}
        assert max(trimestres["ITQ"]) < min(trimestres["MCN"]) == "2022-T1"
        assert max(trimestres["RDL"]) < min(trimestres["TAL"]) == "2020-T3"

    def test_une_edition_ancienne_garde_les_portefeuilles_d_alors(self):
        ancienne = Edition.objects.get(code="2022-T1")
        assert ancienne.organisations["OQLF"]["portefeuille"] == "MCC"
        assert self.edition.organisations["OQLF"]["portefeuille"] == "MLF"

    def test_une_definition_rompt_la_serie_et_s_explique(self):
        rupture = Definition.objects.get(rupture=True)
        assert (rupture.indicateur.code, str(rupture.applicable_du)) == ("sans-papier", "2021-04-01")
        assert rupture.explication

    def test_une_edition_corrective_dit_pourquoi_et_ce_qu_elle_change(self):
        avant, apres = (Edition.objects.get(code=code) for code in ("2022-T4", "2022-T4-r1"))
        assert apres.note
        case_de = {
            e.code: {c.sigle: c for c in e.cases_du("2022-T4") if c.indicateur == "sans-papier"} for e in (avant, apres)
        }
        assert case_de["2022-T4"]["RAMQ"].numerateur > case_de["2022-T4-r1"]["RAMQ"].numerateur
        assert any(c.etat == Etat.EN_RETARD != case_de["2022-T4-r1"][s].etat for s, c in case_de["2022-T4"].items())
        assert Soumission.objects.get(statut=Statut.REMPLACE, trimestre__code="2022-T4").organisation.sigle == "RAMQ"

    def test_toutes_les_editions_sont_fictives_et_tiennent(self):
        verifiees = list(verifier_toutes())
        assert [code for code, _ in verifiees][-1] == "2023-T1"
        assert all(Edition.objects.values_list("fictive", flat=True))
        assert [problemes for _, problemes in verifiees] == [[]] * 7

    def test_chaque_edition_etait_annoncee_et_la_prochaine_l_est(self):
        assert set(Edition.objects.values_list("hors_calendrier", flat=True)) == {""}
        assert all(edition.correctif or edition.est_annoncee for edition in Edition.objects.all())
        assert Parution.objects.prochaine("2023-T1") == datetime.date(2023, 8, 17)
        assert all(a.preavis >= PREAVIS for a in Parution.objects.all())
        assert Parution.objects.filter(change=True).count() == 1

    def test_l_exemple_est_le_meme_partout(self):
        assert self.edition.empreinte == EMPREINTE

    def test_tout_depot_a_un_auteur_une_relectrice_et_un_journal(self):
        assert EvenementSoumission.objects.exclude(motif="").filter(vers=Statut.A_CORRIGER).count() > 10
        reprises = EvenementSoumission.objects.filter(dossier__trimestre__code="2019-T2")
        assert {e.par.est_technique for e in reprises.select_related("par")} == {True}
        assert len({e.par_id for e in reprises}) == 2

    def test_quatre_comptes_de_demonstration_entrent_et_eux_seuls(self):
        entrent = {DECLARANTE, RELECTRICE, EDITRICE, PILOTE}
        assert all(authenticate(username=courriel, password=MOT_DE_PASSE) for courriel in entrent)
        autres = Utilisateur.objects.exclude(email__in=entrent)
        assert autres.count() > 60
        assert not any(personne.has_usable_password() for personne in autres)
        assert all(p.email.endswith((".example", "@technique.invalid")) for p in Utilisateur.objects.all())

    def test_chaque_compte_a_les_droits_de_son_metier_et_pas_d_autres(self):
        declarante, relectrice, editrice, pilote = (
            Utilisateur.objects.get(email=courriel) for courriel in (DECLARANTE, RELECTRICE, EDITRICE, PILOTE)
        )
        assert declarante.habilitations.actives().filter(role=Role.TRANSMISSION).count() == 2
        assert not declarante.is_staff
        relire = [
            "indicateurs.relire_soumission",
            "indicateurs.relire_ficheexpertise",
            "organisations.relire_plantransformation",
        ]
        assert all(membre.is_staff for membre in (relectrice, editrice, pilote))
        assert relectrice.has_perms([*relire, "indicateurs.view_valeur"])
        assert editrice.has_perms(["barometre.publier_edition", "barometre.view_edition"])
        assert not relectrice.has_perm("barometre.publier_edition")
        assert pilote.has_perms(["organisations.change_organisation", "indicateurs.add_cible"])
        assert not any(m.has_perm(permission) for m in (editrice, pilote) for permission in relire)
        assert not pilote.has_perm("barometre.publier_edition")

    def test_une_deuxieme_fois_ne_change_rien_et_le_dit(self):
        def tout():
            return [
                *(m.objects.count() for m in (Organisation, Soumission, Valeur, Utilisateur, EvenementSoumission)),
                *sorted((p, p.stat().st_mtime_ns) for p in depot.racine().rglob("*")),
            ]

        avant = tout()
        assert "déjà chargé" in charger()
        assert json.loads(charger(json=True))["charge"] is False
        assert tout() == avant

    def test_le_compte_rendu_dit_ce_qui_existe_et_comment_entrer(self):
        phrase = charger()
        assert "62 organisations, 4 indicateurs, 19 trimestres" in phrase
        assert all(
            mot in phrase for mot in (DECLARANTE, RELECTRICE, EDITRICE, PILOTE, MOT_DE_PASSE, "2022-T4-r1, 2023-T1")
        )
        faits = json.loads(charger(json=True))
        assert faits["organisations"] == 62
        assert [compte["courriel"] for compte in faits["comptes"]] == [DECLARANTE, RELECTRICE, EDITRICE, PILOTE]


class TestAilleurs:
    @pytest.mark.parametrize("bati", [f.organisation, f.indicateur, f.trimestre])
    def test_l_exemple_ne_se_mele_pas_a_d_autres_donnees(self, bati):
        bati()
        with pytest.raises(CommandError, match=r"ne se charge que dans une base vide\.$"):
            charger()
        assert not Edition.objects.exists()

    def test_un_chargement_interrompu_ne_laisse_ni_ligne_ni_dossier(self, monkeypatch):
        def tomber(*_):
            assert depot.dossier("2021-T4").exists()
            raise OSError("Le disque est plein.")

        ancien = depot.dossier("2018-T4")
        ancien.mkdir(parents=True)
        monkeypatch.setattr(recit, "_rattraper", tomber)
        with pytest.raises(OSError, match="plein"):
            chargement.charger()
        assert [p.name for p in depot.racine().iterdir()] == [ancien.name]
        assert not Organisation.objects.exists()
        assert not Indicateur.objects.exists()
        assert not Utilisateur.objects.exists()
